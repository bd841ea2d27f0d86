import { mistake, type Mistake, type RuleInfo } from '../Finding';

/** A rule about the format of one text. The schema checks it, or the resolver after it has replaced names. */
export interface Format extends RuleInfo {
  /** The noun after "is not": `an account id`. */
  readonly subject: string;
  readonly pattern: RegExp;
  /** A further check of texts that match the pattern. */
  readonly accepts?: (text: string) => boolean;
  /** What is allowed: `twelve digits`. */
  readonly expected: string;
  /** How to fix it. */
  readonly hint: string;
  /** The hint when YAML reads a number because the quotes are missing. */
  readonly unquoted?: string;
}

export function fits(format: Format, text: string): boolean {
  return format.pattern.test(text) && (format.accepts?.(text) ?? true);
}

/** A text with another format: `"12345" is not an account id: twelve digits`. */
export function misfit(format: Format, shown: string, hint = format.hint): Mistake {
  return mistake(format, `${shown} is not ${format.subject}: ${format.expected}`, hint);
}
