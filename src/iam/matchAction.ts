import { boundedCache } from './boundedCache';
import { compilePattern, matchPattern } from './matchPattern';
import type { OneOrMany, Statement } from './PolicyDocument';

const compileAction = boundedCache(1024, (action) => compilePattern(action.toLowerCase()));

function anyFits(patterns: OneOrMany<string>, action: string): boolean {
  if (typeof patterns === 'string') return matchPattern(compileAction(patterns), action);
  return patterns.some((pattern) => matchPattern(compileAction(pattern), action));
}

/**
 * Whether a statement speaks of an action: `Action` names it, or `NotAction` does not; letter case does not count.
 * A statement with neither speaks of none.
 * @param action `service:Operation` in lower case
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function matchAction({ Action, NotAction }: Statement, action: string): boolean {
  if (Action !== undefined) return anyFits(Action, action);
  return NotAction !== undefined && !anyFits(NotAction, action);
}
