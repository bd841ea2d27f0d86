import type { Places } from '../../estate/places';
import type { Remedy } from '../../estate/Remedy';
import { type Difference, DRIFT_KINDS } from '../../operations/drift/Difference';
import type { Drift } from '../../operations/drift/drift';
import type { FormerTag } from '../../operations/drift/formerTags';
import { type OutsideState, recoverFirst } from '../../operations/drift/outsideStates';
import { RECOVERED_KINDS } from '../../operations/recover/Recovery';
import { applyStacks, named, remedyOf, run } from '../../operations/remedies';
import { counted, groupsOf, type Paint, paintOf, remedyBlock, sharedReasons, type UnansweredItem } from '../report';

/**
 * How AWS and the clusters differ from the inventory, for people: a section for each workload and cluster, in it what is expected, what was found,
 * the effect, and the remedy where it is particular. Below them, each in one line, roles that wait for an apply and questions that have no
 * answer for the same reason; then the commands that apply, once. The last line counts.
 */
export function driftReport(
  {
    differences,
    formerTags = [],
    workloads,
    asked,
    environments,
    readStates,
    outsideStates = [],
    unreadStates = [],
  }: Drift,
  places: Places,
  colour: boolean,
): string {
  const statesKnown = readStates === true && unreadStates.length === 0;
  const paint = paintOf(colour);
  const compared = `(${counted(workloads, 'workload')}, ${counted(asked, 'question')})`;
  const former = groupsOf(formerTags, ({ environment, tag }) => `${environment} ${tag}`).map(formerLine);
  if (differences.length === 0)
    return [
      `${paint.green('No differences')} between the inventory and AWS or the clusters ${compared}.`,
      ...former,
    ].join('\n\n');
  const unanswered = sharedReasons(differences.flatMap(unansweredItem), places);
  const waiting = groupsOf(differences, (one) => waitingKey(one, differences));
  const folded = new Set([...unanswered.flatMap(({ items }) => items), ...waiting.flat()]);
  const rest = differences.filter((one) => !folded.has(one));
  return [
    ...groupsOf(rest, titleOf).map((these) => section(these, paint)),
    ...(waiting.length === 0 ? [] : [waiting.map((these) => paint.yellow(waitingLine(these))).join('\n')]),
    ...unanswered.map(
      ({ text, found, remedy }) => `${paint.bold(text)}: ${paint.yellow(found)}\n${remedyBlock(remedy, paint, '    ')}`,
    ),
    ...former,
    ...unreadLines(unreadStates, paint),
    ...environments.flatMap((environment) => recoverBlock(environment, differences, outsideStates, paint)),
    ...environments.flatMap((environment) => applyBlock(environment, differences, statesKnown, paint)),
    summary(differences, compared, paint),
  ].join('\n\n');
}

/** Differences first: what could not be checked may hide more of them. */
function summary(differences: readonly Difference[], compared: string, paint: Paint): string {
  const unknown = differences.filter(({ holds }) => holds === 'unknown').length;
  const differ = differences.length - unknown;
  const parts = [
    differ > 0 && paint.red(`${counted(differ, 'difference')} between the inventory and AWS or the clusters`),
    unknown > 0 && paint.yellow(`Could not check ${counted(unknown, 'item')}`),
  ];
  return `${parts.filter((part) => part !== false).join('. ')} ${compared}.`;
}

function titleOf({ environment, workload, cluster }: Difference): string {
  return workload === undefined ? `cluster ${cluster ?? '-'} in ${environment}` : `${workload} in ${environment}`;
}

function section(these: readonly Difference[], paint: Paint): string {
  const several = these.length > 1;
  const number = (one: Difference) => these.indexOf(one) + 1;
  return [
    ...these.slice(0, 1).map((one) => paint.bold(titleOf(one))),
    ...these.map((one) => entry(one, several ? `${number(one)}. ` : '', paint)),
    ...groupsOf(these, (one) => JSON.stringify(particularOf(one))).flatMap((alike) => {
      const remedy = alike.slice(0, 1).flatMap(particularOf);
      const label = several ? `How to fix ${alike.map(number).join(', ')}:` : 'How to fix:';
      return remedy.length === 0 ? [] : [`    ${label}`, remedyBlock(remedy, paint, '      ')];
    }),
  ].join('\n');
}

function entry(
  { kind, where, holds, asked, of, expected, found, effect }: Difference,
  number: string,
  paint: Paint,
): string {
  const name = `  ${number}${DRIFT_KINDS[kind]} ${where}`;
  if (holds === 'unknown')
    return `${name}: ${paint.yellow('could not be checked')}\n       asked ${asked} of ${of}\n       ${found}`;
  return [
    `${name}: ${paint.red('differs')}`,
    `       expected  ${expected}`,
    `       found     ${found}`,
    ...(effect === undefined ? [] : [`       effect    ${paint.yellow(effect)}`]),
  ].join('\n');
}

/** A remedy without the commands of its apply, which are at the end of the report; empty where it is nothing but an apply. */
function particularOf({ remedy, apply = [], environment, recoverFirst: first }: Difference): Remedy {
  const common = [...applyStacks(apply), ...(first === true ? recoverFirst(environment) : [])];
  const applying = new Set(common.map((step) => JSON.stringify(step)));
  const rest = remedy.filter((step) => !applying.has(JSON.stringify(step)));
  if (rest.length === 0 || rest.length === remedy.length) return rest;
  const what = first === true ? 'what comes before the apply is' : 'the commands of the apply are';
  return [...rest, { say: `  (${what} at the end of the report)` }];
}

/** Why podlift cannot say whether an apply would fail. */
function unreadLines(unread: NonNullable<Drift['unreadStates']>, paint: Paint): readonly string[] {
  return groupsOf(unread, ({ found }) => found).map((these) => {
    const [{ found } = { found: '' }] = these;
    return paint.yellow(`Could not read the state of ${named(these.map(({ stack }) => stack))}: ${found}`);
  });
}

/** What comes before an apply of stacks whose state lacks what exists. */
function recoverBlock(
  environment: string,
  differences: readonly Difference[],
  outside: readonly OutsideState[],
  paint: Paint,
): readonly string[] {
  if (!differences.some((one) => one.environment === environment && one.recoverFirst === true)) return [];
  const here = outside.filter((one) => one.environment === environment);
  const names = named(here.map(({ kind, where }) => `${kind === 'state' ? 'state' : RECOVERED_KINDS[kind]} ${where}`));
  return [
    [paint.yellow(`In ${environment} no state has ${names}.`), remedyBlock(recoverFirst(environment), paint, '')].join(
      '\n',
    ),
  ];
}

/**
 * The commands that plan and apply all that differs in an environment, each once; nothing where an apply fixes nothing. `isKnown`: the states have what exists.
 */
function applyBlock(
  environment: string,
  differences: readonly Difference[],
  isKnown: boolean,
  paint: Paint,
): readonly string[] {
  const here = differences.filter((one) => one.environment === environment);
  const blocked = [...new Set(here.flatMap(({ blocksApply = [] }) => blocksApply))];
  if (blocked.length > 0)
    return [
      `Do not apply ${blocked.join(', ')} yet: running pods would lose their role. Fix the entries of the adopted roles above first.`,
    ];
  const these = here.filter(({ apply }) => apply !== undefined);
  if (these.length === 0) return [];
  const stacks = [...new Set(these.flatMap(({ apply = [] }) => apply))];
  const stops = these.some(({ beforeApply }) => beforeApply === true);
  const then = stops
    ? 'fix the imports above first. Then compare with the plan, and apply:'
    : 'compare with the plan, then apply:';
  const sentence = `To fix ${counted(these.length, 'difference')} in ${environment}, ${then}`;
  const fails =
    'If the apply fails because something already exists, an earlier apply was killed. Find what no state has:';
  const recover = isKnown ? [] : remedyOf(fails, run`npx podlift recover --environment ${environment}`);
  return [remedyBlock([...applyStacks(stacks, sentence), ...recover], paint, '')];
}

/** Roles of which nothing but podlift's own tags differs: the first apply is due, which is one fact for each environment. */
function waitingKey(one: Difference, differences: readonly Difference[]): string | undefined {
  if (one.appliedAt !== 'never' || differences.some((other) => other !== one && other.role === one.role))
    return undefined;
  return JSON.stringify([one.environment, one.effect]);
}

function waitingLine(these: readonly Difference[]): string {
  const [{ environment, effect } = { environment: '', effect: '' }] = these;
  const roles = named(these.map(({ role = '' }) => role.slice(role.lastIndexOf('/') + 1)));
  const stacks = [...new Set(these.flatMap(({ apply = [] }) => apply))].join(', ');
  const are = these.length === 1 ? 'is' : 'are';
  return `${counted(these.length, 'role')} in ${environment} ${are} ${effect ?? ''}: apply ${stacks} (${roles})`;
}

function formerLine(these: readonly FormerTag[]): string {
  const [{ environment, tag } = { environment: '', tag: '' }] = these;
  const roles = named(these.map(({ role }) => role.slice(role.lastIndexOf('/') + 1)));
  const stacks = [...new Set(these.map(({ stack }) => stack))].join(', ');
  const have = these.length === 1 ? 'has' : 'have';
  return `Note: ${counted(these.length, 'role')} in ${environment} still ${have} the tag ${tag} of an earlier version of podlift (${roles}). The next apply of ${stacks} removes the tag.`;
}

function unansweredItem(one: Difference): readonly UnansweredItem<Difference>[] {
  const { question, reason, found, remedy } = one;
  if (question === undefined || reason === undefined) return [];
  return [{ item: one, question, reason, found, fix: remedy.slice(1) }];
}
