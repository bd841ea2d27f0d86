import type { RuleInfo } from '../RuleInfo';

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

/** A format with its severity: a text that does not fit is always an error. */
export function format(parts: Omit<Format, 'severities'>): Format {
  return { severities: ['error'], ...parts };
}

/** True when a text is written as a format asks. */
export function fits(format: Format, text: string): boolean {
  return format.pattern.test(text) && (format.accepts?.(text) ?? true);
}

/** What a finding says of a text that does not fit: `"12345" is not an account id: twelve digits`. */
export function misfit(format: Format, shown: string): string {
  return `${shown} is not ${format.subject}: ${format.expected}`;
}
