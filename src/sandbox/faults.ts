import type { Service } from './api/Service';
import { ApiError } from './api/ApiError';

/** The requests that a fault applies to. A property that is left out does not restrict them. */
export interface FaultMatch {
  /** `kubernetes` is the API server of every cluster. */
  readonly service?: Service | 'kubernetes';
  /** `DescribeAddon`; for Kubernetes verb and resource: `list pods`, `patch serviceaccounts`. */
  readonly action?: string;
  /** The caller's account; for an unsigned call the account of the role that it names; for Kubernetes the cluster's account. */
  readonly account?: string;
  /** The cluster's name, where the request names a cluster. */
  readonly cluster?: string;
  /** How many requests the fault applies to. Default: all. */
  readonly times?: number;
  /** The fault applies to every n-th matching request, first to the n-th. Default: 1. */
  readonly every?: number;
}

/** An error or a delay that the sandbox injects, to test how a client handles it. */
export type SandboxFault = FaultMatch &
  (
    | {
        /** The service's own throttling error. */
        readonly kind: 'throttle';
        /** How many requests a second are not throttled. Default: none. */
        readonly perSecond?: number;
      }
    | {
        readonly kind: 'server error';
        /** Default: 500; for Kubernetes 503. */
        readonly status?: 500 | 503;
      }
    /** Access denied, whatever the policies allow. */
    | { readonly kind: 'denied' }
    | {
        /** The request is handled, and its answer is sent late. */
        readonly kind: 'hang';
        /** Default: the answer is never sent. */
        readonly ms?: number;
      }
    | {
        /**
         * Eventual consistency: other services see the change after `ms`. For IAM: STS and EKS see roles and trust policies late. For EKS:
         * the webhook and EKS Auth see associations late.
         */
        readonly kind: 'late';
        readonly ms: number;
      }
  );

/** The injected faults of a running sandbox; they apply from the next request. */
export interface Faults {
  /** Replaces all faults that were set before and restarts the counts. */
  readonly set: (faults: readonly SandboxFault[]) => void;
  readonly clear: () => void;
}

/** A fault that is set, with its counts. */
export interface ActiveFault {
  readonly fault: SandboxFault;
  /** How many requests matched. */
  matched: number;
  /** How many requests the fault was applied to. */
  applied: number;
  /** When requests of the last second were not throttled, in milliseconds since 1970. */
  allowedAt: number[];
}

/** The properties of a request that faults are matched with. */
export interface FaultTarget {
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly cluster?: string;
}

/** What the faults do to one request. */
export interface FaultEffect {
  /** The request fails with this fault and is not handled. */
  readonly failure?: Extract<SandboxFault, { kind: 'throttle' | 'server error' | 'denied' }>;
  /** How long the answer is delayed, in milliseconds; Infinity: it is never sent. */
  readonly holdMs: number;
  /** How long other services do not see the change of the request, in milliseconds. */
  readonly visibleAfterMs: number;
}

/** Faults with their counts at zero. */
export function activeFaults(faults: readonly SandboxFault[]): ActiveFault[] {
  return faults.map((fault) => ({ fault, matched: 0, applied: 0, allowedAt: [] }));
}

function matches({ service, action, account, cluster }: FaultMatch, target: FaultTarget): boolean {
  return (
    (service === undefined || service === target.service) &&
    (action === undefined || action === target.action) &&
    (account === undefined || account === target.account) &&
    (cluster === undefined || cluster === target.cluster)
  );
}

function isOverRate(active: ActiveFault, perSecond: number, now: number): boolean {
  active.allowedAt = active.allowedAt.filter((at) => at > now - 1000);
  if (active.allowedAt.length >= perSecond) return true;
  active.allowedAt.push(now);
  return false;
}

function applies(active: ActiveFault, target: FaultTarget, now: number): boolean {
  const { fault } = active;
  const { times = Infinity, every = 1 } = fault;
  if (!matches(fault, target)) return false;
  active.matched += 1;
  if (active.matched % every !== 0 || active.applied >= times) return false;
  if (fault.kind === 'throttle' && fault.perSecond !== undefined && !isOverRate(active, fault.perSecond, now)) {
    return false;
  }
  active.applied += 1;
  return true;
}

/** What the active faults do to a request at a time; counts the request. The first failure and the longest delays apply. */
export function effectOf(faults: readonly ActiveFault[], target: FaultTarget, time: Date): FaultEffect {
  let effect: FaultEffect = { holdMs: 0, visibleAfterMs: 0 };
  for (const active of faults) {
    if (!applies(active, target, time.getTime())) continue;
    const { fault } = active;
    if (fault.kind === 'hang') effect = { ...effect, holdMs: Math.max(effect.holdMs, fault.ms ?? Infinity) };
    else if (fault.kind === 'late') effect = { ...effect, visibleAfterMs: Math.max(effect.visibleAfterMs, fault.ms) };
    else effect = { failure: fault, ...effect };
  }
  return effect;
}

interface ErrorCodes {
  readonly throttle: readonly [code: string, status: number];
  readonly 500: string;
  readonly 503: string;
}

/**
 * The errors by which each service throttles and fails.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, those of STS and CloudTrail, the service models of STS and CloudTrail, and the
 * Errors of https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
 */
const ERROR_CODES: Readonly<Record<string, ErrorCodes>> = {
  iam: { throttle: ['Throttling', 400], 500: 'ServiceFailure', 503: 'ServiceUnavailable' },
  sts: { throttle: ['Throttling', 400], 500: 'InternalFailure', 503: 'ServiceUnavailable' },
  eks: { throttle: ['ThrottlingException', 429], 500: 'ServerException', 503: 'ServiceUnavailableException' },
  'eks-auth': {
    throttle: ['ThrottlingException', 429],
    500: 'InternalServerException',
    503: 'ServiceUnavailableException',
  },
  organizations: { throttle: ['TooManyRequestsException', 429], 500: 'ServiceException', 503: 'ServiceUnavailable' },
  account: {
    throttle: ['TooManyRequestsException', 429],
    500: 'InternalServerException',
    503: 'ServiceUnavailableException',
  },
  // The model says 429. Answers with 400 were quoted too, without a request id: the real status is unknown.
  cloudtrail: { throttle: ['ThrottlingException', 429], 500: 'InternalFailure', 503: 'ServiceUnavailable' },
};

const DEFAULT_CODES: ErrorCodes = {
  throttle: ['ThrottlingException', 400],
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** The error that a service answers with when a fault makes the request fail. */
export function injectedError(
  service: string,
  action: string,
  principal: string,
  failure: NonNullable<FaultEffect['failure']>,
): ApiError {
  const codes = ERROR_CODES[service] ?? DEFAULT_CODES;
  switch (failure.kind) {
    case 'throttle':
      return new ApiError(...codes.throttle, 'Rate exceeded');
    case 'server error': {
      const { status = 500 } = failure;
      // The model of this operation does not have ServiceFailure.
      const isSimulation = service === 'iam' && action === 'SimulatePrincipalPolicy';
      const code = status === 500 && isSimulation ? 'InternalFailure' : codes[status];
      return new ApiError(code, status, 'The request processing has failed because of an unknown error.');
    }
    case 'denied': {
      const permission = `${service}:${action}`;
      const message = `User: ${principal} is not authorized to perform: ${permission} because no identity-based policy allows the ${permission} action`;
      return new ApiError('AccessDenied', 403, message, { action: permission, resource: '*' });
    }
  }
}
