import type { Problem } from '../inventory/Finding';
import type { Inventory } from '../inventory/Inventory';
import type { Blueprint } from './Blueprint';
import { exceeded } from './exceeded';
import { quotaUse } from './quotaUse';

/**
 * Compares the documents and counts of all blueprints with the quotas of their accounts. It returns an error for each exceeded quota, and a
 * warning for one that a later stage of a wave will exceed.
 */
export function checkQuotas(inventory: Inventory, blueprints: readonly Blueprint[]): Problem[] {
  return quotaUse(inventory, blueprints).flatMap(
    ({ quota, used, limit, path, whose, when, stage = '', hint }): readonly Problem[] => {
      if (used <= limit) return [];
      const found = exceeded(quota, used, limit, path, `${whose}${stage}`, hint?.());
      return when === 'now' ? found : found.map((problem): Problem => ({ ...problem, severity: 'warning' }));
    },
  );
}
