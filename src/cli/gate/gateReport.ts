import type { Evidence, GateResult, Holds } from '../../operations/gate/gate';
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
  const count = (wanted: Holds) => evidence.filter((one) => one.holds === wanted).length;
  if (holds) {
    const command = `npx podlift ${direction === 'forward' ? 'advance' : 'rollback'} ${wave} --environment ${environment}`;
    return `${paint.green('The gate passes')}. ${allPassed(evidence.length)} ${command} takes the step to ${to}.`;
  }
  return `${paint.red('The gate fails')}: ${count('no')} of ${counted(evidence.length, 'check')} failed, ${count('unknown')} could not be checked.`;
}

/** What needs a person comes first. */
const ORDER: readonly Holds[] = ['no', 'unknown', 'yes'];

/**
 * Evidence as a table for people: failed checks first, then those that could not be checked, each in the order of the gate table. Checks that passed
 * are rows with `verbose` alone, else one line counts them.
 */
export function evidenceTable(evidence: readonly Evidence[], { colour, width, verbose = false }: ReportStyle): string {
  const paint = paintOf(colour);
  const mark: Readonly<Record<Holds, Cell>> = {
    no: { text: 'FAIL', paint: (text) => paint.bold(paint.red(text)) },
    unknown: { text: 'not checked', paint: (text) => paint.bold(paint.yellow(text)) },
    yes: { text: 'pass', paint: paint.green },
  };
  const shown = ORDER.flatMap((holds) =>
    holds === 'yes' && !verbose ? [] : evidence.filter((one) => one.holds === holds),
  );
  if (shown.length === 0) return '';
  const rows = shown.map(({ holds, check, workload = '-', cluster = '-', found }): readonly Cell[] => [
    mark[holds],
    check,
    workload,
    cluster,
    found,
  ]);
  const passed = evidence.length - shown.length;
  return [
    table(['result', 'check', 'workload', 'cluster', 'found'], rows, width),
    ...(passed === 0 ? [] : [`${counted(passed, 'check')} passed (--verbose shows them).`]),
  ].join('\n');
}

/** How many of those that share a remedy are named. */
const MOST_NAMED = 6;

/**
 * What to do, below an evidence table: one entry for each remedy with all that it is for. First what fails, then what could not be checked, then what is to
 * be done before the step, then what after it. Empty where there is nothing to do.
 */
export function remedies(evidence: readonly Evidence[], colour: boolean): string {
  const paint = paintOf(colour);
  const section = (title: string, these: readonly Evidence[]) => {
    const entries = groupsOf(these, ({ remedy }) => JSON.stringify(remedy)).map((all) => {
      const names = [...new Set(all.map(nameOf))];
      const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
      return `  ${names.slice(0, MOST_NAMED).join(', ')}${more}\n${remedyBlock(all[0]?.remedy ?? [], paint, '    ')}`;
    });
    return entries.length === 0 ? [] : [[paint.bold(title), ...entries].join('\n')];
  };
  const withRemedy = evidence.filter(({ remedy }) => remedy !== undefined && remedy.length > 0);
  return [
    ...section('What to do:', [
      ...withRemedy.filter(({ holds }) => holds === 'no'),
      ...withRemedy.filter(({ holds }) => holds === 'unknown'),
    ]),
    ...section(
      'Before the step:',
      withRemedy.filter(({ holds, remedyDue }) => holds === 'yes' && remedyDue === 'before-step'),
    ),
    ...section(
      'After the step:',
      withRemedy.filter(({ holds, remedyDue }) => holds === 'yes' && remedyDue !== 'before-step'),
    ),
  ].join('\n');
}

function nameOf({ check, workload, cluster }: Evidence): string {
  const place = [workload, cluster].filter((part) => part !== undefined).join(' on ');
  return place === '' ? check : `${check} of ${place}`;
}
