import type { Inventory } from '../../inventory/Inventory';
import type { SandboxSeed } from '../../sandbox/Seed';
import { DEFAULT_QUOTAS, type Quotas } from '../../sandbox/world/quotas';

/**
 * The quotas that the inventory says were raised, by account id: what the account's environments say, the highest where they differ,
 * as `checkQuotas` reads them. An account that no environment is in has AWS's defaults.
 */
export function raisedQuotas({ environments }: Inventory): NonNullable<SandboxSeed['quotas']> {
  const raised = new Map<string, Partial<Record<keyof Quotas, number>>>();
  for (const { account, quotas } of environments) {
    const known = raised.get(account.id) ?? {};
    for (const [name, value] of Object.entries(quotas)) {
      if (isQuota(name)) known[name] = Math.max(value, known[name] ?? 0);
    }
    raised.set(account.id, known);
  }
  return Object.fromEntries(raised);
}

function isQuota(name: string): name is keyof Quotas {
  return Object.hasOwn(DEFAULT_QUOTAS, name);
}
