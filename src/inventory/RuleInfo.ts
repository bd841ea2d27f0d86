import type { Severity } from './Finding';

/** What the documentation says of a rule. */
export interface RuleInfo {
  /** Kebab-case; what a finding carries as `rule`. */
  readonly name: string;
  readonly severities: readonly Severity[];
  /** What holds when the rule is kept, in one sentence. */
  readonly what: string;
  /** The message of a finding, as an example. */
  readonly example: string;
}
