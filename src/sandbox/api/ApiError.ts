import type { Decision } from '../../iam/Decision';

/** A request that a policy or a token check denied, for the log of denials. */
export interface DeniedRequest {
  readonly action: string;
  readonly resource: string;
  /** Absent when the request failed before a policy was evaluated (for example a token with another audience). */
  readonly decision?: Decision;
}

/** The error answer of an API. `code` is the service's own code; `callApi` replaces `ValidationError` with the service's name for it. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    /** HTTP status. */
    readonly status: number,
    message: string,
    readonly denied?: DeniedRequest,
  ) {
    super(message);
    this.name = code;
  }
}

/** A parameter is missing or malformed; each service has its own code for this error. */
export function validationError(message: string): ApiError {
  return new ApiError('ValidationError', 400, message);
}

/** The sandbox lacks an action or a part of an action. No AWS SDK retries an error with status 501. */
export function notImplemented(what: string): ApiError {
  return new ApiError('NotImplemented', 501, `the sandbox does not implement ${what}`);
}
