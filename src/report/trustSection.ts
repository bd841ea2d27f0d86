import { diffLines } from './diffLines';
import type { Block, Section } from './Page';
import type { Report } from './Report';
import type { TrustChange } from './trustChanges';
import { counted, firstOf } from './wording';

/** The trust policy of each role before and after the next step of its wave. Equal changes are shown once. */
export function trustSection({ trust }: Report): Section {
  const steps = groupsOf(trust, ({ environment, wave, to }) => `${environment}\n${wave}\n${to}`);
  return {
    id: 'trust',
    title: 'Trust policies before and after the next step',
    lead: 'What the next step of each wave writes, whatever stops it now. Between dual and cutover no trust policy changes.',
    blocks:
      steps.length === 0
        ? [{ kind: 'text', text: 'No wave has a next step here.' }]
        : steps.map((these) => stepBlock(these, steps.length)),
  };
}

/** The first step of a short list is open: a reader sees what the others have. */
function stepBlock(changes: readonly TrustChange[], steps: number): Block {
  const [{ environment, wave, from, to } = { environment: '', wave: '', from: '', to: '' }] = changes;
  const changed = changes.filter(({ after }) => after !== undefined);
  const kept = changes.filter(({ after }) => after === undefined);
  const diffs = groupsOf(changed, ({ before, after }) => JSON.stringify([before, after])).map(diffBlock);
  const summary = [
    `${wave} in ${environment}, ${from} → ${to}: `,
    changed.length === 0
      ? 'no trust policy changes'
      : counted(changed.length, 'trust policy changes', 'trust policies change'),
    kept.length === 0 || changed.length === 0 ? '' : `, ${kept.length} stay as they are`,
  ].join('');
  if (changed.length === 0) return { kind: 'text', text: `${summary}.` };
  return {
    kind: 'details',
    summary,
    ...(steps === 1 && { open: true }),
    blocks: [
      ...(kept.length === 0 ? [] : [{ kind: 'text' as const, text: `No change: ${firstOf(kept.map(nameOf), 20)}.` }]),
      ...(diffs.length <= MOST_OPEN
        ? diffs.map(({ block }) => block)
        : diffs.map(({ title, block }): Block => ({ kind: 'details', summary: title, blocks: [block] }))),
    ],
  };
}

/** More diffs than these are closed, each by itself. */
const MOST_OPEN = 3;

function diffBlock(same: readonly TrustChange[]): { readonly title: string; readonly block: Block } {
  const [first] = same;
  const lines = first === undefined ? [] : diffLines(linesOf(first.before), linesOf(first.after ?? first.before));
  const count = (change: 'added' | 'removed') => lines.filter((line) => line.change === change).length;
  const owner = first?.manage === undefined ? '' : ', which its owner writes';
  const title = `${firstOf(same.map(nameOf), 6)}${owner} (+${count('added')} −${count('removed')} lines)`;
  return { title, block: { kind: 'diff', title, lines } };
}

function nameOf({ workload, target }: TrustChange): string {
  return target === undefined ? workload : `${workload}, target ${target}`;
}

function linesOf(document: TrustChange['before']): readonly string[] {
  return JSON.stringify(document, null, 2).split('\n');
}

function groupsOf<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
