/** How bad a finding is: an `error` stops the run, a `warning` does not. */
export type Severity = 'error' | 'warning';

/** What is wrong in an inventory, before it is known where in which file the path stands. */
export interface Problem {
  readonly severity: Severity;
  /** The rule's name, kebab-case, the same as its file's purpose. */
  readonly rule: string;
  /** Where in the inventory, keys joined by dots and list positions in brackets: `workloads.orders-api.permissions.statements[0]`. */
  readonly path: string;
  /** What is wrong, with the value that stood there and what is allowed. */
  readonly message: string;
  /** The next step. */
  readonly hint: string;
}

/** A problem with its place. `line` and `column` count from 1. */
export interface Finding extends Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
