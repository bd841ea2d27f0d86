import pico from 'picocolors';
import { remedyLines } from '../remedyText';
import type { Evidence } from '../../operations/gate/gate';

/** How a line begins that can be pasted into a shell: only for drift, until it has remedies as data. */
export const COMMAND = /^(kubectl|npx|podlift|aws) /;

/** How many of those that share a remedy are named. */
const MOST_NAMED = 6;

/**
 * What to do, below an evidence table: one entry for each remedy with all that it is for, commands on lines of their own. First what
 * stands in the way, then what is to be done before the step, then what after it. Empty where there is nothing to do.
 */
export function remedies(evidence: readonly Evidence[], colour: boolean): string {
  const paint = pico.createColors(colour);
  const section = (title: string, these: readonly Evidence[]) => {
    const grouped = new Map<string, Evidence[]>();
    for (const one of these) {
      const key = JSON.stringify(one.remedy);
      grouped.set(key, [...(grouped.get(key) ?? []), one]);
    }
    if (grouped.size === 0) return [];
    const entries = [...grouped.values()].map((all) =>
      [
        `  ${[...new Set(all.map(who))].slice(0, MOST_NAMED).join(', ')}${more(all)}`,
        ...remedyLines(all[0]?.remedy ?? []).map(({ text, command }) =>
          command ? `      ${paint.cyan(text)}` : `    ${text}`,
        ),
      ].join('\n'),
    );
    return [[paint.bold(title), ...entries].join('\n')];
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

function who({ check, workload, cluster }: Evidence): string {
  const place = [workload, cluster].filter((part) => part !== undefined).join(' on ');
  return place === '' ? check : `${check} of ${place}`;
}

function more(all: readonly Evidence[]): string {
  const count = new Set(all.map(who)).size;
  return count > MOST_NAMED ? ` and ${count - MOST_NAMED} more` : '';
}
