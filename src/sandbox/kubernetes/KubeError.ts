import type { FaultEffect } from '../faults';
import type { HttpAnswer } from '../http/httpServer';

/**
 * The error answer of the API, as the Status object that clients show.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export class KubeError extends Error {
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

/** `pods "x" not found`; with a group: `deployments.apps "x" not found`. */
export function notFound(group: string, plural: string, name: string): KubeError {
  const what = group === '' ? plural : `${plural}.${group}`;
  return new KubeError(404, 'NotFound', `${what} "${name}" not found`, { name, group, kind: plural });
}

/** The object exists, or is still being deleted. */
export function alreadyExists(group: string, plural: string, name: string, isTerminating = false): KubeError {
  const what = `${isTerminating ? 'object is being deleted: ' : ''}${group === '' ? plural : `${plural}.${group}`}`;
  return new KubeError(409, 'AlreadyExists', `${what} "${name}" already exists`, { name, group, kind: plural });
}

export function badRequest(message: string): KubeError {
  return new KubeError(400, 'BadRequest', message);
}

/**
 * `Pod "x" is invalid: …`; with a group: `Deployment.apps "x" is invalid: …`; several problems in brackets. kubectl prints the causes.
 * Source: k8s.io/apimachinery pkg/api/errors/errors.go (NewInvalid)
 *
 * @param problems each `field: text`
 */
export function invalid(group: string, kind: string, name: string, ...problems: readonly string[]): KubeError {
  const what = group === '' ? kind : `${kind}.${group}`;
  const text = problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
  const causes = problems.map((problem) => {
    const [, field = '', message = problem] = /^(\S+): (.*)$/s.exec(problem) ?? [];
    return { reason: 'FieldValueInvalid', message, field };
  });
  return new KubeError(422, 'Invalid', `${what} "${name}" is invalid: ${text}`, { name, group, kind, causes });
}

/** The error as the body of an answer. */
export function statusOf({ code, reason, message, details }: KubeError): Readonly<Record<string, unknown>> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

/** An answer in JSON. */
export function kubeAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** An error answer. Clients retry only an answer with `retryAfter`, in seconds. */
export function kubeErrorAnswer(failure: KubeError, retryAfter?: number): HttpAnswer {
  return kubeAnswer(
    failure.code,
    statusOf(failure),
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}

/** The error answer for an injected fault. Undefined when the request does not fail. */
export function faultAnswer({ failure }: FaultEffect, verb: string, plural: string): HttpAnswer | undefined {
  switch (failure?.kind) {
    case undefined:
      return undefined;
    case 'throttle':
      return kubeErrorAnswer(new KubeError(429, 'TooManyRequests', 'too many requests, please try again later'), 1);
    case 'server error':
      return failure.status === 500
        ? kubeErrorAnswer(new KubeError(500, 'InternalError', 'Internal error occurred: an injected fault'))
        : kubeErrorAnswer(
            new KubeError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request'),
          );
    case 'denied':
      return kubeErrorAnswer(
        new KubeError(
          403,
          'Forbidden',
          `${plural} is forbidden: User "podlift-sandbox" cannot ${verb} resource "${plural}"`,
        ),
      );
  }
}
