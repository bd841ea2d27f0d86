import { diffDocuments } from './diffDocuments';
import type { Block, Section } from './Page';
import type { Report } from './Report';
import type { TrustChange } from './trustChanges';
import { counted, firstOf } from './wording';

/** The trust policy of each role before and after the next step of its wave. Equal changes are shown once, and steps that change none in one line. */
export function trustSection({ trust }: Report): Section {
  const steps = groupsOf(trust, ({ environment, wave, to }) => `${environment}\n${wave}\n${to}`);
  const changing = steps.filter((these) => these.some(({ after }) => after !== undefined));
  const others = steps.filter((these) => !changing.includes(these));
  return {
    id: 'trust',
    title: 'Trust policies before and after the next step',
    lead: 'What the next step of each wave writes, whatever stops it now.',
    blocks: [
      ...(steps.length === 0 ? [{ kind: 'text' as const, text: 'No wave has a next step here.' }] : []),
      ...changing.map((these) => stepBlock(these, changing.length)),
      ...(others.length === 0
        ? []
        : [{ kind: 'text' as const, text: `No trust policy changes in: ${others.map(stepName).join('; ')}.` }]),
    ],
  };
}

/** Open where it is the only one. */
function stepBlock(changes: readonly TrustChange[], steps: number): Block {
  const changed = changes.filter(({ after }) => after !== undefined);
  const kept = changes.filter(({ after }) => after === undefined);
  const diffs = groupsOf(changed, ({ before, after }) => JSON.stringify([before, after])).map(diffBlock);
  const rest = kept.length === 0 ? '' : `, ${kept.length} stay as they are`;
  return {
    kind: 'details',
    summary: `${stepName(changes)}: ${counted(changed.length, 'trust policy changes', 'trust policies change')}${rest}`,
    ...(steps === 1 && { open: true }),
    blocks: [
      ...(kept.length === 0 ? [] : [{ kind: 'text' as const, text: `No change: ${firstOf(kept.map(nameOf), 20)}.` }]),
      ...(diffs.length <= MOST_OPEN
        ? diffs.map(({ block }) => block)
        : diffs.map(({ title, block }): Block => ({
            kind: 'details',
            summary: title,
            blocks: [{ ...block, title: 'Before and after' }],
          }))),
    ],
  };
}

/** `pilot in prod, dual → cutover`. */
function stepName([first]: readonly TrustChange[]): string {
  return first === undefined ? '' : `${first.wave} in ${first.environment}, ${first.from} → ${first.to}`;
}

/** More diffs than these are closed, each by itself. */
const MOST_OPEN = 3;

function diffBlock(same: readonly TrustChange[]): {
  readonly title: string;
  readonly block: Extract<Block, { readonly kind: 'diff' }>;
} {
  const [first] = same;
  const lines = first === undefined ? [] : diffDocuments(first.before, first.after ?? first.before);
  const count = (change: 'added' | 'removed') => lines.filter((line) => line.change === change).length;
  const owner = first?.manage === undefined ? '' : ', which its owner writes';
  const title = `${firstOf(same.map(nameOf), 6)}${owner} (+${count('added')} −${count('removed')} lines)`;
  return { title, block: { kind: 'diff', title, lines } };
}

function nameOf({ workload, target }: TrustChange): string {
  return target === undefined ? workload : `${workload} (target ${target})`;
}

function groupsOf<T>(items: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
