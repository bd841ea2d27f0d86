import type { Explanation } from '../evaluator';

/** Callers that a role must deny, and whether it does. */
export interface Attack {
  /** Who requests the role, for messages. */
  readonly who: string;
  /** The decision that admits them. */
  readonly result: Explanation;
  /** The fix, where it is another than to name the callers exactly. */
  readonly hint?: string;
}

/** The attacks on a role. Those that were denied are only counted. */
export interface Attacks {
  readonly evaluated: number;
  readonly admitted: readonly Attack[];
}
