import type { Severity } from '../../../src/inventory/Finding';
import type { Change } from '../marked';

/** One mistake in an otherwise good inventory; `§` stands before what the only finding points to. */
export interface RuleCase extends Change {
  readonly rule: string;
  readonly when: string;
  readonly path: string;
  readonly message: RegExp;
  /** Default: any. */
  readonly hint?: RegExp;
  /** Default: error. */
  readonly severity?: Severity;
}
