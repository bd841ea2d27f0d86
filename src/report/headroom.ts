import type { Blueprint } from '../blueprint/Blueprint';
import { type QuotaUse, quotaUse } from '../blueprint/quotaUse';
import { QUOTAS, type Quota } from '../blueprint/quotas';
import type { Inventory } from '../inventory/Inventory';

/** How near something is to a quota of AWS. */
export interface QuotaHeadroom extends Pick<
  QuotaUse,
  'quota' | 'used' | 'limit' | 'environment' | 'path' | 'whose' | 'when'
> {
  /** `characters in a trust policy`. */
  readonly what: string;
  /** What AWS can raise the quota to. Absent: AWS cannot raise it. */
  readonly most?: number;
  /** How many others of the same kind use no more, and are left out. */
  readonly others: number;
}

/** From this share on each use is listed, not only the greatest of its kind. */
export const NEAR = 0.8;

/**
 * What is nearest to its quota: of each quota the greatest use in each environment (or account), now and later, and every use of at least {@link NEAR}; the nearest first.
 *
 * @param environments keys
 */
export function headroomOf(
  inventory: Inventory,
  blueprints: readonly Blueprint[],
  environments: readonly string[],
): readonly QuotaHeadroom[] {
  const asked = quotaUse(inventory, blueprints).filter(
    ({ environment }) => environment === undefined || environments.includes(environment),
  );
  const now = new Map(asked.filter(({ when }) => when === 'now').map((use) => [idOf(use), use.used]));
  // What does not grow is said once.
  const uses = asked.filter((use) => use.when === 'now' || use.used > (now.get(idOf(use)) ?? 0));
  const groups = new Map<string, QuotaUse[]>();
  for (const use of uses) {
    const id = `${use.quota} ${use.when} ${use.environment ?? use.path}`;
    groups.set(id, [...(groups.get(id) ?? []), use]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const sorted = group.toSorted((one, other) => shareOf(other) - shareOf(one));
      const shown = sorted.filter((use, index) => index === 0 || shareOf(use) >= NEAR);
      return shown.map((use, index): QuotaHeadroom => {
        const { quota, used, limit, environment, path, whose, when, stage = '' } = use;
        const { what, most }: Quota = QUOTAS[quota];
        return {
          quota,
          what,
          used,
          limit,
          ...(most !== undefined && { most }),
          ...(environment !== undefined && { environment }),
          path,
          whose: `${whose}${stage}`,
          when,
          others: index === shown.length - 1 ? sorted.length - shown.length : 0,
        };
      });
    })
    .sort((one, other) => shareOf(other) - shareOf(one));
}

function idOf({ quota, path, environment = '' }: QuotaUse): string {
  return `${quota} ${environment} ${path}`;
}

/** The used share of a quota: 1 is all of it. */
export function shareOf({ used, limit }: Pick<QuotaUse, 'used' | 'limit'>): number {
  return limit === 0 ? 1 : used / limit;
}
