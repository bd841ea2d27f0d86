import type { Strike } from '../faults/strike';
import type { HttpAnswer } from '../http/HttpAnswer';
import { KubeFailure, statusOf } from './KubeFailure';

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
