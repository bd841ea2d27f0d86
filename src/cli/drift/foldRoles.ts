import type { Difference } from '../../operations/drift/Difference';
import { named } from '../../operations/checks/named';

/** Differences that are told in fewer lines than they are, and those that are left. */
export interface Folded {
  readonly lines: readonly string[];
  readonly rest: readonly Difference[];
}

/** Tells roles that differ in nothing but podlift's own tags in one line for each environment and stage: an apply is due, which is one fact. */
export function foldRoles(differences: readonly Difference[]): Folded {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) {
    if (one.appliedAt === undefined || differs(one, differences)) continue;
    const key = JSON.stringify([one.environment, one.effect]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const folded = new Set([...groups.values()].flat());
  return {
    lines: [...groups.values()].map(lineOf),
    rest: differences.filter((one) => !folded.has(one)),
  };
}

/** Whether anything else of a role is not as it should be, or not known. */
function differs(tags: Difference, differences: readonly Difference[]): boolean {
  return differences.some(
    (other) => other !== tags && (other.where === tags.where || other.where.endsWith(` ${tags.where}`)),
  );
}

function lineOf(these: readonly Difference[]): string {
  const { environment = '', effect = '', appliedAt } = these[0] ?? {};
  const several = these.length > 1;
  const names = named(these.map(({ where }) => where.slice(where.lastIndexOf('/') + 1)));
  const stacks = [...new Set(these.flatMap(({ apply = [] }) => apply))].join(', ');
  const said =
    appliedAt === 'never' ? `${several ? 'are' : 'is'} not applied yet` : `${several ? 'are' : 'is'} ${effect}`;
  return `${these.length} role${several ? 's' : ''} in ${environment} ${said}: apply ${stacks} (${names})`;
}
