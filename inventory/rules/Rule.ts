import type { Severity } from '../Finding';
import type { Issue } from '../Issue';
import type { Model } from '../resolve/Model';

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

/** A rule over the whole inventory. It sees only what could be read; broken values were reported before and are left out. */
export interface Rule extends RuleInfo {
  readonly check: (model: Model) => Iterable<Issue>;
}

/** A rule about how one text is written; the schema refers to it, and so does the check after names were replaced. */
export interface Format extends RuleInfo {
  /** What the text is, after "is not": `an account id`. */
  readonly subject: string;
  readonly pattern: RegExp;
  /** What a pattern cannot say, asked only of texts that match it. */
  readonly accepts?: (text: string) => boolean;
  /** What is allowed: `twelve digits`. */
  readonly expected: string;
  /** The next step. */
  readonly hint: string;
  /** Said instead of `hint` when YAML read a number, because quotes were left out. */
  readonly unquoted?: string;
}
