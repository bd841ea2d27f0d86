import type { Decision } from '../../iam/Decision';

/** A refusal by policy, as the denials log keeps it. */
export interface Refusal {
  readonly action: string;
  readonly resource: string;
  /** Absent when the request failed before any policy was asked (a token of another audience). */
  readonly decision?: Decision;
}

/**
 * An error that an API answers with. `code` is the service's own; the pipeline turns `ValidationError` into the name
 * that the service uses for it.
 */
export class Fault extends Error {
  constructor(
    readonly code: string,
    /** HTTP status. */
    readonly status: number,
    message: string,
    readonly refusal?: Refusal,
  ) {
    super(message);
    this.name = code;
  }
}

/** A parameter that is missing or malformed; each service has its own code for it. */
export function validationFault(message: string): Fault {
  return new Fault('ValidationError', 400, message);
}

/** An action, or a part of one, that the sandbox does not have: 501 is an error that no AWS SDK tries again. */
export function notImplemented(what: string): Fault {
  return new Fault('NotImplemented', 501, `the sandbox does not implement ${what}`);
}
