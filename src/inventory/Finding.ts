/** An `error` stops the run, a `warning` does not. */
export type Severity = 'error' | 'warning';

/** A mistake in an inventory, without its position in a file. */
export interface Problem {
  readonly severity: Severity;
  /** The rule's name in kebab-case. */
  readonly rule: string;
  /** The path in the inventory: keys joined by dots, list positions in brackets: `workloads.orders-api.permissions.statements[0]`. */
  readonly path: string;
  /** What is wrong, with the value. */
  readonly message: string;
  /** How to fix it. */
  readonly hint: string;
}

/** A problem with its position. `line` and `column` count from 1. */
export interface Finding extends Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A path in the inventory: map keys and list positions, from the top. */
export type Segments = readonly (string | number)[];

/** A problem whose path is still a list. */
export interface Issue extends Omit<Problem, 'path'> {
  readonly path: Segments;
  /** Report the position of the key, not of its value, where the key is wrong. */
  readonly at?: 'key';
  /** Tells apart several findings of one rule at one path. Without it only one of them is shown. */
  readonly about?: string;
  /** Where the mistake is in a policy file that the inventory names at `path`. */
  readonly within?: Pick<Finding, 'file' | 'line' | 'column'>;
}

/** The documentation of a rule. */
export interface RuleInfo {
  /** The `rule` of its findings, in kebab-case. */
  readonly name: string;
  /** The severities of its findings, the usual one first. Default: `error` alone. */
  readonly severities?: readonly Severity[];
  /** What the rule requires, in one sentence. */
  readonly what: string;
  /** The message of a finding, as an example. */
  readonly example: string;
}

/** A rule whose findings are errors. */
export function errorRule(name: string, what: string, example: string): RuleInfo {
  return { name, what, example };
}

/** An error at a path. */
export function errorAt(path: Segments, { rule, message, hint }: Mistake, at?: 'key'): Issue {
  return { severity: 'error', rule: rule.name, path, message, hint, ...(at && { at }) };
}

/** What is wrong in a text, without its path and position. */
export interface Mistake {
  readonly rule: RuleInfo;
  readonly message: string;
  readonly hint: string;
}

export function mistake(rule: RuleInfo, message: string, hint: string): Mistake {
  return { rule, message, hint };
}

export function hasErrors(findings: readonly Pick<Finding, 'severity'>[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
