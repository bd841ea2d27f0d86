import { join } from 'node:path';
import type { Problem } from '../Finding';
import type { Inventory } from '../Inventory';
import { loadRules } from '../rules/rules';
import { formatPath } from '../source/plainData';
import { compare, type CompareOptions, type CompareRule } from './compare';

/** Every rule over two versions of an inventory. */
export const COMPARE_RULES = loadRules(join(__dirname, 'rules')) as readonly CompareRule[];

/**
 * The problems of a change from one version of an inventory to the next, such as skipped stages, keys whose change replaces roles, and
 * removals under running workloads; errors first. Each version alone has no error.
 *
 * @param base the earlier version
 * @param head the later version, whose paths the problems have
 */
export function compareInventories(base: Inventory, head: Inventory, options: CompareOptions): readonly Problem[] {
  const comparison = compare(base, head, options);
  const problems = COMPARE_RULES.flatMap((rule) =>
    [...rule.check(comparison)].map(({ severity = rule.severities?.[0] ?? 'error', path, message, hint }) => ({
      severity,
      rule: rule.name,
      path: formatPath(path),
      message,
      hint,
    })),
  );
  const seen = new Set<string>();
  const distinct = problems.filter(({ rule, path, message }) => {
    const id = [rule, path, message].join('\n');
    return !seen.has(id) && seen.add(id);
  });
  return ['error', 'warning'].flatMap((one) => distinct.filter(({ severity }) => severity === one));
}
