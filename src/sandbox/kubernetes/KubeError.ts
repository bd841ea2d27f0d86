import type { Strike } from '../faults';
import type { HttpAnswer } from '../http/httpServer';

/**
 * A request that the API refuses, as the Status object that clients show to people.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export class KubeFailure extends Error {
  constructor(
    /** HTTP status. */
    readonly code: number,
    /** `NotFound`, `AlreadyExists`, … */
    readonly reason: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = reason;
  }
}

/** `pods "x" not found`; the group stands behind the plural: `deployments.apps "x" not found`. */
export function notFound(group: string, plural: string, name: string): KubeFailure {
  const what = group === '' ? plural : `${plural}.${group}`;
  return new KubeFailure(404, 'NotFound', `${what} "${name}" not found`, { name, group, kind: plural });
}

/** The object of that name is there, or is still being deleted. */
export function alreadyExists(group: string, plural: string, name: string, isTerminating = false): KubeFailure {
  const what = `${isTerminating ? 'object is being deleted: ' : ''}${group === '' ? plural : `${plural}.${group}`}`;
  return new KubeFailure(409, 'AlreadyExists', `${what} "${name}" already exists`, { name, group, kind: plural });
}

export function badRequest(message: string): KubeFailure {
  return new KubeFailure(400, 'BadRequest', message);
}

/** `Pod "x" is invalid: …`; the group stands behind the kind: `Deployment.apps "x" is invalid: …`. */
export function invalid(group: string, kind: string, name: string, message: string): KubeFailure {
  const what = group === '' ? kind : `${kind}.${group}`;
  return new KubeFailure(422, 'Invalid', `${what} "${name}" is invalid: ${message}`, { name, group, kind });
}

/** The failure as the body of an answer. */
export function statusOf({ code, reason, message, details }: KubeFailure): Readonly<Record<string, unknown>> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

/** An answer in JSON. */
export function kubeAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** A failure as clients read it; one that is to be tried again says when, or clients would not. */
export function kubeFailureAnswer(failure: KubeFailure, retryAfter?: number): HttpAnswer {
  return kubeAnswer(
    failure.code,
    statusOf(failure),
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** What a fault makes of a request. Undefined for one that does not fail. */
export function struckAnswer({ failure }: Strike, verb: string, plural: string): HttpAnswer | undefined {
  switch (failure?.kind) {
    case undefined:
      return undefined;
    case 'throttle':
      return kubeFailureAnswer(new KubeFailure(429, 'TooManyRequests', 'too many requests, please try again later'), 1);
    case 'server error':
      return failure.status === 500
        ? kubeFailureAnswer(new KubeFailure(500, 'InternalError', 'Internal error occurred: a fault that was set'))
        : kubeFailureAnswer(
            new KubeFailure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
          );
    case 'denied':
      return kubeFailureAnswer(
        new KubeFailure(
          403,
          'Forbidden',
          `${plural} is forbidden: User "podlift-sandbox" cannot ${verb} resource "${plural}"`,
        ),
      );
  }
}
