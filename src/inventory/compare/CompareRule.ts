import type { RuleInfo } from '../RuleInfo';
import type { Found } from '../rules/Rule';
import type { Comparison } from './compare';

/** A rule over two versions of an inventory. Paths are those of the later version; for what it does not have, of the nearest that holds it. */
export interface CompareRule extends RuleInfo {
  readonly check: (comparison: Comparison) => Iterable<Found>;
}
