import type { Places } from '../../estate/places';
import type { Remedy } from '../../estate/Remedy';
import type { State } from '../../operations/checks/Check';
import { named } from '../../operations/remedies';
import type { Diagnosis, DoctorFinding } from '../../operations/doctor/doctor';
import {
  allPassed,
  counted,
  groupsOf,
  type Paint,
  paintOf,
  remedyLines,
  type ReportStyle,
  type SharedReason,
  sharedReasons,
  type UnansweredItem,
} from '../report';

/** What needs a person comes first. */
const ORDER: readonly State[] = ['problem', 'unknown', 'warning', 'ok'];

/** How many workloads on clusters pass. */
export interface Summary {
  /** Without problems, and everything could be checked. */
  readonly healthy: number;
  /** Of the healthy ones those with warnings. */
  readonly warnings: number;
  readonly problems: number;
  /** Without problems, but something could not be checked. */
  readonly unknown: number;
}

/** Counts workloads on clusters by the worst finding of each. */
export function summaryOf(diagnoses: readonly Diagnosis[]): Summary {
  const [problems = 0, unknown = 0, warnings = 0, ok = 0] = ORDER.map(
    (state) => diagnoses.filter((one) => worstOf(one) === state).length,
  );
  return { healthy: ok + warnings, warnings, problems, unknown };
}

interface Printing {
  /** Warnings as a whole, with reason, inspect and fix. Default: a line each, below. */
  readonly wholeWarnings: boolean;
  /** Also the checks that passed. */
  readonly verbose: boolean;
  readonly shared: ReadonlyMap<DoctorFinding, SharedReason<DoctorFinding>>;
  /** The workload for which a finding was printed first. */
  readonly printed: Map<string, string>;
  readonly paint: Paint;
}

/**
 * Diagnoses for people: first the workloads with problems, then those that could not be checked, then the healthy ones, a line each, and
 * their warnings. A problem has what was found, the reason why it matters, the command that inspects it and the fix. A finding that an earlier one
 * explains is only named; what many have in common is printed once. The summary is the last line.
 */
export function doctorText(
  diagnoses: readonly Diagnosis[],
  places: Places,
  { colour, verbose = false }: ReportStyle,
  wholeWarnings = verbose,
): string {
  const paint = paintOf(colour);
  const reasons = sharedReasons(
    diagnoses.flatMap(({ findings }) => findings.flatMap(unansweredItem)),
    places,
  );
  const shared = new Map(reasons.flatMap((reason) => reason.items.map((item) => [item, reason] as const)));
  const printing: Printing = { wholeWarnings, verbose, shared, printed: new Map(), paint };
  const of = (...states: readonly State[]) =>
    diagnoses.filter((one) => states.includes(worstOf(one))).map((one) => diagnosisText(one, printing));
  return [
    ...of('problem'),
    ...reasons.flatMap(({ text, found, remedy }) => [
      `${word('unknown', paint)} ${text}: ${found}`,
      ...labelled('fix', remedy, paint),
    ]),
    ...of('unknown'),
    ...of('warning', 'ok'),
    ...(wholeWarnings ? [] : warningLines(diagnoses, paint)),
    '',
    summaryText(diagnoses, paint),
  ].join('\n');
}

function unansweredItem(item: DoctorFinding): readonly UnansweredItem<DoctorFinding>[] {
  if (item.noAnswer === undefined || item.noAnswer.answer.why === 'not-judged') return [];
  const { noAnswer: question, answer } = item.noAnswer;
  return [{ item, question, reason: answer.why, found: item.found, fix: answer.fix ?? [] }];
}

function diagnosisText(diagnosis: Diagnosis, printing: Printing): string {
  const { findings } = diagnosis;
  const { shared, wholeWarnings, verbose, paint } = printing;
  const notes = ORDER.flatMap((wanted) => findings.filter(({ state }) => state === wanted && wanted !== 'ok'));
  const own = notes.filter((one) => !shared.has(one));
  const unanswered = groupsOf(notes, (one) => shared.get(one)?.answerer);
  const explained = groupsOf(own.filter(isExplained), ({ follows, found }) =>
    JSON.stringify([follows, firstLine(found)]),
  );
  const answerers = unanswered.map((these) => these.flatMap((one) => shared.get(one)?.answerer ?? [])[0] ?? '');
  if (!wholeWarnings && !own.some((one) => !isExplained(one) && one.state !== 'warning') && answerers.length > 0)
    return `${headText(diagnosis, paint)}. No answer from ${named(answerers)}: see above.`;
  return [
    headText(diagnosis, paint),
    ...own
      .filter((one) => !isExplained(one) && (one.state !== 'warning' || wholeWarnings))
      .map((one) => findingText(one, nameOf(diagnosis), printing)),
    ...unanswered.map(
      (these, index) =>
        `  ${word('unknown', paint)} ${checksOf(these)}: no answer from ${answerers[index] ?? ''}, see above`,
    ),
    ...explained.map((these) =>
      paint.dim(`  after ${these[0]?.follows ?? ''}: ${checksOf(these)}: ${firstLine(these[0]?.found ?? '')}`),
    ),
    ...findings
      .filter(({ check, state }) => state === 'ok' && (verbose || check === 'access'))
      .map(({ check, found }) =>
        check === 'access'
          ? `  ${paint.green('allowed')} ${indented(found)}`
          : `  ${paint.green('pass')} ${check}: ${indented(found)}`,
      ),
  ].join('\n');
}

function headText(diagnosis: Diagnosis, paint: Paint): string {
  const { findings, stage, newPodUses } = diagnosis;
  const worst = worstOf(diagnosis);
  const warned = findings.filter(({ state }) => state === 'warning').length;
  const [ok, fail, open] = [paint.green('✓'), paint.red('✗'), paint.yellow('?')];
  const mark = { ok, warning: ok, unknown: open, problem: fail }[worst];
  const tail = {
    ok: `. ${allPassed(findings.length)}`,
    warning: ` (${counted(warned, 'warning')})`,
    unknown: '',
    problem: '',
  }[worst];
  return `${mark} ${paint.bold(nameOf(diagnosis))}: ${stage}, a new pod uses ${newPodUses === 'irsa' ? 'IRSA' : 'Pod Identity'}${tail}`;
}

/** A finding that an earlier one explains is only named, but never the answer to `--action`. */
function isExplained({ check, follows }: DoctorFinding): boolean {
  return follows !== undefined && check !== 'access';
}

/** A finding with the reason why it matters, the command that inspects it, where there is one, and the fix. */
function findingText(finding: DoctorFinding, name: string, { printed, paint }: Printing): string {
  const { environment, cluster, check, state, found, remedy = [], explains, inspect, of } = finding;
  const key = JSON.stringify([environment, cluster, check, found, remedy]);
  const before = printed.get(key);
  if (before !== undefined)
    return `  ${word(state, paint)} ${check}: ${firstLine(found)} (reason and fix: see ${before})`;
  printed.set(key, name);
  // A command of kubectl names its context, and one with credentials of its own its account.
  const bare = inspect !== undefined && 'run' in inspect && inspect.run[0] === 'aws' && inspect.account === undefined;
  const place = bare ? [{ say: of }] : [];
  return [
    `  ${word(state, paint)} ${check}: ${indented(found)}`,
    ...labelled('reason', [{ say: explains }], paint),
    ...(inspect === undefined ? [] : labelled('inspect', [...place, inspect], paint)),
    ...labelled('fix', remedy, paint),
  ].join('\n');
}

/** The lines of a remedy beside a label, its commands in a colour of their own. */
function labelled(label: string, remedy: Remedy, paint: Paint): readonly string[] {
  return remedyLines(remedy).map(
    ({ text, command }, index) =>
      `    ${index === 0 ? paint.dim(label.padEnd(9)) : ' '.repeat(9)}${command ? paint.cyan(text) : text}`,
  );
}

/** Each warning in a line, with the workloads that have it. */
function warningLines(diagnoses: readonly Diagnosis[], paint: Paint): readonly string[] {
  const all = diagnoses.flatMap((diagnosis) =>
    diagnosis.findings
      .filter((one) => one.state === 'warning' && !isExplained(one))
      .map((finding) => ({ ...finding, name: nameOf(diagnosis) })),
  );
  if (all.length === 0) return [];
  const lines = groupsOf(all, ({ check, found }) => JSON.stringify([check, found])).map((these) => {
    const names = [...new Set(these.map(({ name }) => name))];
    return `  ${word('warning', paint)} ${checksOf(these)} (${named(names, 3)}): ${firstLine(these[0]?.found ?? '')}`;
  });
  return ['', 'Warnings. To see those of a workload in full: npx podlift doctor WORKLOAD', ...lines];
}

function summaryText(diagnoses: readonly Diagnosis[], paint: Paint): string {
  const { healthy, problems, unknown, warnings } = summaryOf(diagnoses);
  const parts = [
    ...(problems > 0 ? [paint.red(`${problems} with problems`)] : []),
    ...(unknown > 0 ? [paint.yellow(`${unknown} could not be fully checked`)] : []),
    `${paint.green(`${healthy} healthy`)}${warnings > 0 ? ` (${warnings} with warnings)` : ''}`,
  ];
  const several = diagnoses.some(({ serviceAccount }) => serviceAccount !== undefined);
  const all = several
    ? counted(diagnoses.length, 'service account on its cluster', 'service accounts on their clusters')
    : counted(diagnoses.length, 'workload on its cluster', 'workloads on their clusters');
  return `${all}: ${parts.join(', ')}.`;
}

function nameOf({ workload, environment, cluster, serviceAccount }: Diagnosis): string {
  const who = serviceAccount === undefined ? workload : `${workload} (${serviceAccount})`;
  return `${who} on ${environment}/${cluster}`;
}

function worstOf({ findings }: Diagnosis): State {
  return ORDER.find((wanted) => findings.some(({ state }) => state === wanted)) ?? 'ok';
}

/** How a finding of a state begins. */
function word(state: State, paint: Paint): string {
  if (state === 'problem') return paint.bold(paint.red('PROBLEM'));
  return state === 'unknown' ? paint.bold(paint.yellow('not checked')) : paint.yellow(state);
}

function checksOf(findings: readonly DoctorFinding[]): string {
  return [...new Set(findings.map(({ check }) => check))].join(', ');
}

/** The first line of what was found, which stands for itself. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n    ');
}
