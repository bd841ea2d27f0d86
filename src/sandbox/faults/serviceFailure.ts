import { Fault } from '../api/Fault';
import type { Strike } from './strike';

interface Codes {
  readonly throttle: readonly [code: string, status: number];
  readonly 500: string;
  readonly 503: string;
}

/**
 * How each service throttles and fails.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, the service models of STS and CloudTrail, and the
 * Errors of https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
 */
const CODES: Readonly<Record<string, Codes>> = {
  iam: { throttle: ['Throttling', 400], 500: 'ServiceFailure', 503: 'ServiceUnavailable' },
  sts: { throttle: ['Throttling', 400], 500: 'ServiceFailure', 503: 'ServiceUnavailable' },
  eks: { throttle: ['ThrottlingException', 429], 500: 'ServerException', 503: 'ServiceUnavailableException' },
  'eks-auth': {
    throttle: ['ThrottlingException', 429],
    500: 'InternalServerException',
    503: 'ServiceUnavailableException',
  },
  cloudtrail: { throttle: ['ThrottlingException', 400], 500: 'InternalServerError', 503: 'ServiceUnavailable' },
};

const OTHER: Codes = {
  throttle: ['ThrottlingException', 400],
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** The error by which a service tells of a failure that a fault asks for. */
export function serviceFailure(
  service: string,
  action: string,
  principal: string,
  failure: NonNullable<Strike['failure']>,
): Fault {
  const codes = CODES[service] ?? OTHER;
  switch (failure.kind) {
    case 'throttle':
      return new Fault(...codes.throttle, 'Rate exceeded');
    case 'server error': {
      const { status = 500 } = failure;
      return new Fault(codes[status], status, 'The request processing has failed because of an unknown error.');
    }
    case 'denied': {
      const permission = `${service}:${action}`;
      const message = `User: ${principal} is not authorized to perform: ${permission} because no identity-based policy allows the ${permission} action`;
      return new Fault('AccessDenied', 403, message, { action: permission, resource: '*' });
    }
  }
}
