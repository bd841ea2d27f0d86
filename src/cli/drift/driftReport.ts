import pico from 'picocolors';
import { type Difference, DRIFT_KINDS } from '../../operations/drift/Difference';
import type { Drift } from '../../operations/drift/drift';
import { COMMAND } from '../gate/remedies';
import { applyBlock, particularOf } from './applyBlock';
import { foldRoles } from './foldRoles';
import { foldUnanswered, type Unanswered } from './foldUnanswered';

type Paint = ReturnType<typeof pico.createColors>;

/**
 * How AWS and the clusters differ from the inventory, for people: a section for each workload and cluster, in it what should be, what is, what
 * comes of it, and what to do where that is particular. Below them, each in one line, roles that wait for an apply and questions that have no
 * answer for the same cause; then the commands that apply, once. The last line counts. One line where all agrees.
 */
export function driftReport({ differences, workloads, asked, environments }: Drift, colour: boolean): string {
  const paint = pico.createColors(colour);
  if (differences.length === 0)
    return `${paint.green('AWS agrees')}: ${numbered(workloads, 'workload')}, ${numbered(asked, 'answer')}.`;
  const { folds, rest: answered } = foldUnanswered(differences);
  const { lines, rest } = foldRoles(answered);
  const groups = new Map<string, Difference[]>();
  for (const one of rest) groups.set(titleOf(one), [...(groups.get(titleOf(one)) ?? []), one]);
  const unknown = differences.filter(({ holds }) => holds === 'unknown').length;
  const unlike = differences.length - unknown;
  return [
    ...[...groups].map(([title, these]) => section(title, these, paint)),
    ...(lines.length === 0 ? [] : [lines.map((line) => paint.yellow(line)).join('\n')]),
    ...folds.map((fold) => notKnown(fold, paint)),
    ...environments
      .map((environment) => applyBlock(environment, differences))
      .filter((block) => block !== '')
      .map((block) => remedyText(block, '', paint, '')),
    summary(unlike, unknown, `${numbered(workloads, 'workload')}, ${numbered(asked, 'question')}`, paint),
  ].join('\n\n');
}

/** Differences first: what could not be checked may hide more of them. */
function summary(unlike: number, unknown: number, compared: string, paint: Paint): string {
  const unchecked = unknown === 0 ? [] : [paint.yellow(`Could not check ${numbered(unknown, 'item')}`)];
  const differ = paint.red(`${numbered(unlike, 'difference')} between the inventory and AWS or the clusters`);
  return `${[...(unlike === 0 ? [] : [differ]), ...unchecked].join('. ')} (${compared}).`;
}

function titleOf({ environment, workload, cluster }: Difference): string {
  return workload === undefined ? `cluster ${cluster ?? '-'} in ${environment}` : `${workload} in ${environment}`;
}

function section(title: string, differences: readonly Difference[], paint: Paint): string {
  const remedies = new Map<string, number[]>();
  for (const [index, one] of differences.entries()) {
    const remedy = particularOf(one);
    if (remedy !== '') remedies.set(remedy, [...(remedies.get(remedy) ?? []), index + 1]);
  }
  const several = differences.length > 1;
  return [
    paint.bold(title),
    ...differences.map((one, index) => entry(one, several ? `${index + 1}. ` : '', paint)),
    ...[...remedies].map(([remedy, numbers]) => remedyText(remedy, several ? ` (${numbers.join(', ')})` : '', paint)),
  ].join('\n');
}

function entry(
  { kind, where, holds, asked, of, expected, found, effect }: Difference,
  number: string,
  paint: Paint,
): string {
  const name = `  ${number}${DRIFT_KINDS[kind]} ${where}`;
  if (holds === 'unknown')
    return `${name}: ${paint.yellow('not known')}\n       asked ${asked} of ${of}\n       ${found}`;
  return [
    `${name}: ${paint.red('differs')}`,
    `       should be ${expected}`,
    `       is        ${found}`,
    ...(effect === undefined ? [] : [`       so        ${paint.yellow(effect)}`]),
  ].join('\n');
}

function notKnown({ place, count, cause, remedy }: Unanswered, paint: Paint): string {
  return `${paint.bold(`${numbered(count, 'question')} to ${place}`)}: ${paint.yellow(cause)}\n${remedyText(remedy, '', paint)}`;
}

function remedyText(remedy: string, numbers: string, paint: Paint, margin = '    '): string {
  const [first = '', ...others] = remedy.split('\n');
  const line = (text: string) => (COMMAND.test(text) ? `${margin}  ${paint.cyan(text)}` : `${margin}${text}`);
  const lines = COMMAND.test(first)
    ? [`${margin}What to do${numbers}:`, line(first)]
    : [`${margin}${withNumbers(first, numbers)}`];
  return [...lines, ...others.map(line)].join('\n');
}

/** The numbers stand before the colon that leads to commands, or the full stop, else at the end. */
function withNumbers(sentence: string, numbers: string): string {
  return /[.:]$/.test(sentence) ? `${sentence.slice(0, -1)}${numbers}${sentence.slice(-1)}` : `${sentence}${numbers}`;
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
