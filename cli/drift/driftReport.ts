import pico from 'picocolors';
import { type Difference, DRIFT_KINDS } from '../../operations/drift/Difference';
import type { Drift } from '../../operations/drift/drift';
import { COMMAND } from '../gate/remedies';

type Paint = ReturnType<typeof pico.createColors>;

/**
 * How AWS and the clusters differ from the inventory, for people: a section for each workload and cluster, in it what should be, what is, what
 * comes of it, and at its end what to do, each thing once. The last line counts. One line where all agrees.
 */
export function driftReport({ differences, workloads, asked }: Drift, colour: boolean): string {
  const paint = pico.createColors(colour);
  if (differences.length === 0)
    return `${paint.green('AWS agrees')}: ${numbered(workloads, 'workload')}, ${numbered(asked, 'answer')}.`;
  const groups = new Map<string, Difference[]>();
  for (const one of differences) groups.set(titleOf(one), [...(groups.get(titleOf(one)) ?? []), one]);
  const unknown = differences.filter(({ holds }) => holds === 'unknown').length;
  const unlike = differences.length - unknown;
  return [
    ...[...groups].map(([title, these]) => section(title, these, paint)),
    `${unlike > 0 ? paint.red('AWS does not agree') : paint.yellow('Nobody knows whether AWS agrees')}: ${numbered(unlike, 'difference')}, ${unknown} not known (${numbered(workloads, 'workload')}, ${numbered(asked, 'question')}).`,
  ].join('\n\n');
}

function titleOf({ environment, workload, cluster }: Difference): string {
  return workload === undefined ? `cluster ${cluster ?? '-'} in ${environment}` : `${workload} in ${environment}`;
}

function section(title: string, differences: readonly Difference[], paint: Paint): string {
  const remedies = new Map<string, number[]>();
  for (const [index, { remedy }] of differences.entries())
    if (remedy !== '') remedies.set(remedy, [...(remedies.get(remedy) ?? []), index + 1]);
  const several = differences.length > 1;
  return [
    paint.bold(title),
    ...differences.map((one, index) => entry(one, several ? `${index + 1}. ` : '', paint)),
    ...[...remedies].map(([remedy, numbers]) => todo(remedy, several ? ` (${numbers.join(', ')})` : '', paint)),
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

function todo(remedy: string, numbers: string, paint: Paint): string {
  const [first = '', ...others] = remedy.split('\n');
  const line = (text: string) => (COMMAND.test(text) ? `      ${paint.cyan(text)}` : `    ${text}`);
  const lines = COMMAND.test(first)
    ? [`    What to do${numbers}:`, line(first)]
    : [`    ${withNumbers(first, numbers)}`];
  return [...lines, ...others.map(line)].join('\n');
}

/** The numbers stand before the colon that leads to commands, else at the end. */
function withNumbers(sentence: string, numbers: string): string {
  return sentence.endsWith(':') ? `${sentence.slice(0, -1)}${numbers}:` : `${sentence}${numbers}`;
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
