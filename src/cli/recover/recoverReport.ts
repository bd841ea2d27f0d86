import type { Places } from '../../estate/places';
import { formatFindings } from '../../inventory/formatFindings';
import type { Finding } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { formatPath } from '../../inventory/source/plainData';
import { type DeadImport, type FoundResource, RECOVERED_KINDS, type Recovery } from '../../operations/recover/Recovery';
import { applyStacks, remedyOf, run } from '../../operations/remedies';
import { counted, groupsOf, type Paint, paintOf, remedyBlock, sharedReasons, type UnansweredItem } from '../report';

/** The result of `recover`, with what became of the inventory. */
export interface RecoverReport extends Recovery {
  /** The files that were written, as findings name them. */
  readonly written: readonly string[];
  /** Why a file cannot be edited. */
  readonly findings?: readonly Finding[];
  /** Why nothing was written. */
  readonly problem?: { readonly message: string; readonly hint: string };
}

const WHY_DEAD: Readonly<Record<DeadImport['why'], string>> = {
  gone: 'what it imports does not exist',
  'in-state': 'the state has it',
  unwanted: 'the stage does not have it',
};

/** What is in no state, for people: a line for each resource, what is to be done, and the count. */
export function recoverReport(report: RecoverReport, _inventory: Inventory, places: Places, colour: boolean): string {
  const paint = paintOf(colour);
  const { resources, dead, compared, environments, written } = report;
  const all = `(${counted(compared, 'resource')} of the inventory ${compared === 1 ? 'exists' : 'exist'})`;
  if (resources.length + dead.length === 0)
    return `${paint.green('Nothing is missing')} in the states of ${environments.join(', ')} ${all}.`;
  const unanswered = sharedReasons(resources.flatMap(unansweredItem), places);
  const folded = new Set(unanswered.flatMap(({ items }) => items));
  const rest = resources.filter((one) => !folded.has(one));
  return [
    ...groupsOf(rest, ({ environment, stack }) => `${stack} in ${environment}`).map((these) => section(these, paint)),
    ...unanswered.map(
      ({ text, found, remedy }) => `${paint.bold(text)}: ${paint.yellow(found)}\n${remedyBlock(remedy, paint, '    ')}`,
    ),
    ...(dead.length === 0 ? [] : [deadText(dead, written.length > 0)]),
    ...whatNext(report, paint),
    summary(report, all, paint),
  ].join('\n\n');
}

function section(these: readonly FoundResource[], paint: Paint): string {
  const [first] = these;
  return [paint.bold(`${first?.stack ?? ''}: not in the state`), ...these.map((one) => entry(one, paint))].join('\n');
}

function entry({ kind, where, what, found, effect, remedy, id }: FoundResource, paint: Paint): string {
  const name = kind === 'state' ? 'state' : `${RECOVERED_KINDS[kind]} ${where}`;
  const label: Readonly<Record<FoundResource['what'], string>> = {
    import: paint.yellow(`import ${id ?? ''}`),
    other: paint.red('not marked as podlift’s'),
    unwanted: paint.red('not in the inventory at this stage'),
    unknown: paint.yellow('could not be checked'),
  };
  return [
    `  ${name}: ${label[what]}`,
    `       found     ${found}`,
    ...(effect === undefined ? [] : [`       effect    ${paint.yellow(effect)}`]),
    ...(remedy.length === 0 ? [] : ['    How to fix:', remedyBlock(remedy, paint, '      ')]),
  ].join('\n');
}

function deadText(dead: readonly DeadImport[], removed: boolean): string {
  const title = removed ? 'Removed from the inventory:' : 'No longer needed under `imports`:';
  return [
    title,
    ...dead.map(({ path, item, why }) => {
      return `  ${formatPath(path)}${item === undefined ? '' : ` (${item})`}: ${WHY_DEAD[why]}`;
    }),
  ].join('\n');
}

function whatNext(report: RecoverReport, paint: Paint): readonly string[] {
  const { resources, dead, written, findings, problem, environments } = report;
  if (findings !== undefined)
    return [`${formatFindings(findings, 'text')}\n\n${paint.red('Nothing was written.')} Change the file by hand.`];
  if (problem !== undefined) return [`${paint.red('Nothing was written')}: ${problem.message}.\n${problem.hint}`];
  const imports = resources.filter(({ what }) => what === 'import');
  if (written.length > 0) {
    const stacks = [...new Set(imports.map(({ stack }) => stack))];
    const done = paint.green(`${written.join(', ')} ${written.length === 1 ? 'is' : 'are'} written.`);
    const next =
      stacks.length === 0
        ? []
        : remedyOf(
            applyStacks(stacks, 'The next apply imports what is found. Compare with the plan, then apply:'),
            'After the apply, remove the entries that are no longer needed:',
            run`npx podlift recover ${environments.length === 1 ? ['--environment', environments[0] ?? ''] : []} --write`,
          );
    return [[done, remedyBlock(next, paint, '')].filter((text) => text !== '').join('\n')];
  }
  if (imports.length + dead.length === 0) return [];
  const only = environments.length === 1 ? ['--environment', environments[0] ?? ''] : [];
  return [
    remedyBlock(remedyOf('To write this into the inventory:', run`npx podlift recover ${only} --write`), paint, ''),
  ];
}

function summary({ resources, dead }: RecoverReport, all: string, paint: Paint): string {
  const unknown = resources.filter(({ what }) => what === 'unknown').length;
  const found = resources.length - unknown;
  const parts = [
    found > 0 && paint.red(`${counted(found, 'resource')} in no state`),
    dead.length > 0 && `${counted(dead.length, 'import')} not needed any more`,
    unknown > 0 && paint.yellow(`Could not check ${counted(unknown, 'item')}`),
  ];
  return `${parts.filter((part) => part !== false).join('. ')} ${all}.`;
}

function unansweredItem(one: FoundResource): readonly UnansweredItem<FoundResource>[] {
  const { question, reason, found, remedy } = one;
  if (question === undefined || reason === undefined) return [];
  return [{ item: one, question, reason, found, fix: remedy.slice(1) }];
}
