import { join } from 'node:path';
import { compare } from '../../inventory/compare/compare';
import type { Problem } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { loadRules } from '../../inventory/rules/rules';
import { formatPath } from '../../inventory/source/plainData';
import { type Grant, type GrantKind, type ReviewRule, reviewedWorkloads } from './Review';

/** Every rule over what a change allows. */
export const REVIEW_RULES = loadRules(join(__dirname, 'rules')) as readonly ReviewRule[];

/** What a change allows: warnings for a reviewer, and one grant for each of its parts, the most dangerous first. */
export interface Review {
  readonly problems: readonly Problem[];
  readonly allowed: readonly Grant[];
}

/** The kinds of grants, the most dangerous first. */
const ORDER: readonly GrantKind[] = [
  'administrator',
  'assume',
  'denial',
  'wildcard',
  'managed-policy',
  'actions',
  'conditions',
  'resources',
];

/**
 * Evaluates what the later version of an inventory allows and the earlier one does not: to whom, and through which role. Each version alone has no
 * error.
 *
 * @param head the later version, whose paths the problems have
 */
export function reviewChange(base: Inventory, head: Inventory): Review {
  const versions = compare(base, head, { now: new Date(0) });
  const workloads = reviewedWorkloads(versions);
  const found = REVIEW_RULES.flatMap((rule) =>
    [...rule.check(workloads, versions)].map(({ grants, severity = 'warning', path, message, hint }) => ({
      problem: { severity, rule: rule.name, path: formatPath(path), message, hint },
      grants,
    })),
  );
  return {
    problems: found.map(({ problem }) => problem),
    allowed: found
      .flatMap(({ grants }) => grants)
      .toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind)),
  };
}
