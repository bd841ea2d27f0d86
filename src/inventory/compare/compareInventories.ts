import type { Problem } from '../Finding';
import type { Inventory } from '../Inventory';
import { formatPath } from '../source/formatPath';
import { compare, type CompareOptions } from './compare';
import { COMPARE_RULES } from './compareRules';

/**
 * What is wrong with the way from one version of an inventory to the next: stages that are skipped, keys that would replace roles, what is taken
 * from under workloads that run. Both versions are sound by themselves.
 *
 * @param base the earlier version
 * @param head the later one; paths are of this version
 */
export function compareInventories(base: Inventory, head: Inventory, options: CompareOptions): readonly Problem[] {
  const comparison = compare(base, head, options);
  const problems = COMPARE_RULES.flatMap((rule) =>
    [...rule.check(comparison)].map(({ severity = rule.severities[0] ?? 'error', path, message, hint }) => ({
      severity,
      rule: rule.name,
      path: formatPath(path),
      message,
      hint,
    })),
  );
  const seen = new Set<string>();
  return problems.filter(({ rule, path, message }) => {
    const id = [rule, path, message].join('\n');
    return !seen.has(id) && seen.add(id);
  });
}
