import type { Remedy } from '../../estate/Remedy';
import { STAGES } from '../../inventory/Inventory';
import { type Evidence, type GateResult, type Holds, whoOf } from '../../operations/gate/gate';
import { answerRemedy, named } from '../../operations/remedies';
import {
  allPassed,
  type Cell,
  counted,
  groupsOf,
  type Paint,
  paintOf,
  remedyBlock,
  type ReportStyle,
  table,
} from '../report';

/**
 * A gate's result for people: which step, the failed checks, what to do, and the result as the last line, where a tired eye looks.
 */
export function gateReport(result: GateResult, style: ReportStyle): string {
  const { wave, environment, direction, from, to, evidence } = result;
  if (to === undefined) {
    if (direction === 'back' && from !== STAGES[0])
      return `${wave} is at ${from} in ${environment} already: there is no step left on the way back to ${from}.`;
    const end = direction === 'forward' ? 'the last stage' : 'the first stage';
    return `${wave} is at ${from} in ${environment}, ${end}: there is no step ${direction === 'forward' ? 'to take' : 'back'}.`;
  }
  const paint = paintOf(style.colour);
  const whatToDo = remedies(evidence, style.colour);
  const rows = evidenceTable(evidence, style);
  return [
    paint.bold(`${wave} in ${environment}: ${from} → ${to}`),
    ...(rows === '' ? [] : [rows]),
    ...(whatToDo === '' ? [] : ['', whatToDo]),
    ...(rows === '' && whatToDo === '' ? [] : ['']),
    summary(result, to, paint),
  ].join('\n');
}

function summary({ wave, environment, direction, evidence, holds }: GateResult, to: string, paint: Paint): string {
  if (holds) {
    const command = `npx podlift ${direction === 'forward' ? 'advance' : 'rollback'} ${wave} --environment ${environment}`;
    return `${paint.green('The gate passes')}. ${passedText(evidence)} To take the step to ${to}:\n  ${paint.cyan(command)}`;
  }
  const open = evidence.filter(({ accepted }) => accepted !== true);
  const count = (wanted: Holds) => open.filter((one) => one.holds === wanted).length;
  const accepted = evidence.length - open.length;
  const parts = [
    ...(count('no') === 0 ? [] : [`${count('no')} failed`]),
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} could not be checked`]),
    ...(accepted === 0 ? [] : [`${accepted} accepted`]),
  ];
  return `${paint.red('The gate fails')}: of ${counted(evidence.length, 'check')}, ${AND.format(parts)}.`;
}

const AND = new Intl.ListFormat('en-GB');

/** `All 12 checks passed.`, `All 12 checks passed, 2 of them with a warning.` */
export function passedText(evidence: readonly Evidence[]): string {
  const warnings = evidence.filter(({ warning }) => warning === true).length;
  const all = allPassed(evidence.length);
  if (warnings === 0) return all;
  return `${all.slice(0, -1)}, ${evidence.length === 1 ? '' : `${warnings} of them `}with a warning.`;
}

/** What a row of the table says. */
type Result = Holds | 'accepted no' | 'accepted unknown' | 'warning';

function resultOf({ holds, accepted, warning }: Evidence): Result {
  if (accepted === true && holds !== 'yes') return `accepted ${holds}`;
  return warning === true ? 'warning' : holds;
}

/** What needs a person comes first. */
const ORDER: readonly Result[] = ['no', 'unknown', 'accepted no', 'accepted unknown', 'warning', 'yes'];

/**
 * Evidence as a table for people: failed checks first, then those that could not be checked, then both kinds where they are accepted, then
 * warnings, each in the order of the gate table. Checks that have no answer for the same reason are one row. With `verbose` each check has its own
 * row; without it, one line counts the checks that passed without a warning.
 */
export function evidenceTable(evidence: readonly Evidence[], { colour, width, verbose = false }: ReportStyle): string {
  const paint = paintOf(colour);
  const mark: Readonly<Record<Result, Cell>> = {
    no: { text: 'FAIL', paint: (text) => paint.bold(paint.red(text)) },
    unknown: { text: 'not checked', paint: (text) => paint.bold(paint.yellow(text)) },
    'accepted no': { text: 'FAIL, accepted', paint: paint.yellow },
    'accepted unknown': { text: 'not checked, accepted', paint: paint.yellow },
    warning: { text: 'warning', paint: paint.yellow },
    yes: { text: 'pass', paint: paint.green },
  };
  const shown = ORDER.flatMap((result) =>
    result === 'yes' && !verbose ? [] : evidence.filter((one) => resultOf(one) === result),
  );
  if (shown.length === 0) return '';
  const rows = (verbose ? shown.map((one) => [one]) : foldUnanswered(shown)).map((these): readonly Cell[] => {
    const [first] = these;
    if (first === undefined) return [];
    const { question, of, found } = first;
    const names = (name: (one: Evidence) => string | undefined) =>
      named([...new Set(these.flatMap((one) => name(one) ?? []))]) || '-';
    return [
      mark[resultOf(first)],
      first.noCredentials && these.length > 1 ? counted(these.length, 'check') : names(({ check }) => check),
      names(whoOf),
      names(({ cluster }) => cluster),
      first.noCredentials
        ? `no valid AWS credentials for ${answerersOf(these)}: ${found}`
        : question === undefined || isWhole(first)
          ? found
          : `no answer from ${of}: ${found}`,
    ];
  });
  const passed = evidence.length - shown.length;
  return [
    table(['result', 'check', 'workload', 'cluster', 'found'], rows, width),
    ...(passed === 0 ? [] : [`${counted(passed, 'check')} passed (--verbose shows them).`]),
  ].join('\n');
}

/** The account or the cluster has nothing to do with why there is no answer. */
function isWhole({ reason }: Evidence): boolean {
  return reason === 'not-asked' || reason === 'not-judged';
}

/** Reasons that can follow from missing credentials of AWS: a login, a kubeconfig and the check of the cluster come after them. */
const FOLLOWS: ReadonlySet<Evidence['reason']> = new Set(['denied', 'failed', 'not-judged'] as const);

/**
 * Checks without an answer from the same account or cluster for the same reason, together; every other check for itself. Without credentials of AWS all that can
 * follow from that is one group, which begins with a check that says so.
 */
function foldUnanswered(evidence: readonly Evidence[]): readonly (readonly Evidence[])[] {
  const lost = evidence.some(({ noCredentials }) => noCredentials === true);
  const ordered = lost
    ? [...evidence.filter((one) => one.noCredentials), ...evidence.filter((one) => one.noCredentials !== true)]
    : evidence;
  const groups = groupsOf(ordered, (one) =>
    one.reason === undefined
      ? JSON.stringify([evidence.indexOf(one)])
      : lost && FOLLOWS.has(one.reason)
        ? NO_CREDENTIALS
        : JSON.stringify([resultOf(one), isWhole(one) ? '' : one.of, one.found, one.remedy?.slice(1)]),
  );
  // Failed checks stay first.
  return lost ? groups.toSorted((a, b) => rank(a) - rank(b)) : groups;
}

const NO_CREDENTIALS = 'no credentials';

function rank([first]: readonly Evidence[]): number {
  return first === undefined ? ORDER.length : ORDER.indexOf(resultOf(first));
}

/** The accounts and clusters that gave no answer for want of credentials. */
function answerersOf(these: readonly Evidence[]): string {
  return named(new Set(these.flatMap(({ noCredentials, of }) => (noCredentials ? [of] : []))));
}

/** The remedy of checks that `foldUnanswered` puts together: for all of their questions. */
function sharedRemedy(these: readonly Evidence[]): Remedy {
  const [{ reason, of, remedy = [], noCredentials } = { reason: undefined, of: '' }] = these;
  if (noCredentials) return [...remedy.slice(1), { say: 'Then run the command again.' }];
  const questions = these.flatMap(({ question }) => question ?? []);
  return reason === undefined || these.length === 1 || questions.length < these.length
    ? remedy
    : answerRemedy(reason, questions, of, remedy.slice(1));
}

/** How many of those that share a remedy are named. */
const MOST_NAMED = 6;

/**
 * What to do, below an evidence table: one entry for each remedy with all that it is for. First what fails, then what could not be checked, then what is
 * accepted, then warnings, then what is to be done before the step, then what after it. Empty where there is nothing to do.
 */
export function remedies(evidence: readonly Evidence[], colour: boolean): string {
  const paint = paintOf(colour);
  const section = (title: string, these: readonly Evidence[]) => {
    const withRemedies = foldUnanswered(these).flatMap((folded) => {
      const remedy = sharedRemedy(folded);
      const lost = folded[0]?.noCredentials === true && folded.length > 1;
      return folded.map((one) => ({ name: lost ? counted(folded.length, 'check') : nameOf(one), remedy }));
    });
    const entries = groupsOf(withRemedies, ({ remedy }) => JSON.stringify(remedy)).map((all) => {
      const names = [...new Set(all.map(({ name }) => name))];
      return `  ${named(names, MOST_NAMED)}\n${remedyBlock(all[0]?.remedy ?? [], paint, '    ')}`;
    });
    return entries.length === 0 ? [] : [[paint.bold(title), ...entries].join('\n')];
  };
  const withRemedy = evidence.filter(({ remedy }) => remedy !== undefined && remedy.length > 0);
  const passed = withRemedy.filter((one) => resultOf(one) === 'yes');
  return [
    ...section('What to do:', [
      ...withRemedy.filter((one) => resultOf(one) === 'no'),
      ...withRemedy.filter((one) => resultOf(one) === 'unknown'),
    ]),
    ...section(
      'Accepted. To fix the cause:',
      withRemedy.filter(({ holds, accepted }) => holds !== 'yes' && accepted === true),
    ),
    ...section(
      'Warnings, which do not stop the step:',
      withRemedy.filter((one) => resultOf(one) === 'warning'),
    ),
    ...section(
      'Before the step:',
      passed.filter(({ remedyDue }) => remedyDue === 'before-step'),
    ),
    ...section(
      'After the step:',
      passed.filter(({ remedyDue }) => remedyDue !== 'before-step'),
    ),
  ].join('\n');
}

function nameOf(one: Evidence): string {
  const { check, cluster } = one;
  const place = [whoOf(one), cluster].filter((part) => part !== undefined).join(' on ');
  return place === '' ? check : `${check} of ${place}`;
}
