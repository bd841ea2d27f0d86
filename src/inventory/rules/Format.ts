import type { RuleInfo } from './RuleInfo';

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
