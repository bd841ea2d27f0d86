import type { ExpandedValue } from '../expandVariables';

/**
 * Compares one value that the request carries with one that the policy wants.
 * A value of the wrong form (no number, no date, no ARN …) matches nothing, so that a negated operator holds for it.
 */
export type Comparison = (found: string, wanted: ExpandedValue) => boolean;

/** A condition operator without its `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
export interface ConditionOperator {
  readonly matches: Comparison;
  /** Holds when none of the wanted values matches, and when the key is absent. */
  readonly negated: boolean;
  /** Whether `${…}` in its values is a policy variable. */
  readonly variables: boolean;
}
