import { Fault } from './api/ApiError';

/** Whom a fault strikes; what is left out does not limit. */
export interface FaultMatch {
  /** `kubernetes` is every cluster's API server. */
  readonly service?: 'iam' | 'sts' | 'eks' | 'eks-auth' | 'cloudtrail' | 'kubernetes';
  /** `DescribeAddon`; in Kubernetes verb and resource: `list pods`, `patch serviceaccounts`. */
  readonly action?: string;
  /** The caller's account; of a call that nobody signed, the account of the role it names; of a cluster, its account. */
  readonly account?: string;
  /** A cluster's name, where the request names one. */
  readonly cluster?: string;
  /** Strikes so many times and never again. Default: always. */
  readonly times?: number;
  /** Strikes each n-th request that fits, the first time the n-th. Default: 1. */
  readonly every?: number;
}

/** Something that goes wrong on purpose, for whoever wants to see what a client makes of it. */
export type SandboxFault = FaultMatch &
  (
    | {
        /** The service's own throttling error. */
        readonly kind: 'throttle';
        /** Lets so many requests a second through (CloudTrail's LookupEvents: 2). Default: none. */
        readonly perSecond?: number;
      }
    | {
        readonly kind: 'server error';
        /** Default: 500; of Kubernetes 503. */
        readonly status?: 500 | 503;
      }
    /** Access denied, whatever the policies say. */
    | { readonly kind: 'denied' }
    | {
        /** The request is handled, and its answer comes late. */
        readonly kind: 'hang';
        /** Default: the answer never comes. */
        readonly ms?: number;
      }
    | {
        /**
         * Late consistency: what the request changes is seen by others only after `ms`. Of IAM: roles and trust policies, by STS
         * and EKS; of EKS: associations, by the webhook and EKS Auth.
         */
        readonly kind: 'late';
        readonly ms: number;
      }
  );

/** The faults of a running sandbox; they strike from the next request on. */
export interface Faults {
  /** Takes the place of all faults that were set before; their counts begin anew. */
  readonly set: (faults: readonly SandboxFault[]) => void;
  readonly clear: () => void;
}

/** A fault that was set, with how often it was met. */
export interface ActiveFault {
  readonly fault: SandboxFault;
  matched: number;
  struck: number;
  /** When requests were let through, in milliseconds since 1970; of the last second only. */
  let: number[];
}

/** A request as faults look at it. */
export interface Struck {
  readonly service: string;
  readonly action: string;
  readonly account: string;
  readonly cluster?: string;
}

/** What the faults do to one request. */
export interface Strike {
  /** The request fails with it, and is not handled. */
  readonly failure?: Extract<SandboxFault, { kind: 'throttle' | 'server error' | 'denied' }>;
  /** How long the answer is held back, in milliseconds; Infinity: for ever. */
  readonly holdMs: number;
  /** How long what the request changes stays unseen, in milliseconds. */
  readonly lateMs: number;
}

/** Faults as they are set, unmet. */
export function activeFaults(faults: readonly SandboxFault[]): ActiveFault[] {
  return faults.map((fault) => ({ fault, matched: 0, struck: 0, let: [] }));
}

function fits({ service, action, account, cluster }: FaultMatch, struck: Struck): boolean {
  return (
    (service === undefined || service === struck.service) &&
    (action === undefined || action === struck.action) &&
    (account === undefined || account === struck.account) &&
    (cluster === undefined || cluster === struck.cluster)
  );
}

function isOverRate(active: ActiveFault, perSecond: number, now: number): boolean {
  active.let = active.let.filter((at) => at > now - 1000);
  if (active.let.length >= perSecond) return true;
  active.let.push(now);
  return false;
}

function strikes(active: ActiveFault, request: Struck, now: number): boolean {
  const { fault } = active;
  const { times = Infinity, every = 1 } = fault;
  if (!fits(fault, request)) return false;
  active.matched += 1;
  if (active.matched % every !== 0 || active.struck >= times) return false;
  if (fault.kind === 'throttle' && fault.perSecond !== undefined && !isOverRate(active, fault.perSecond, now)) {
    return false;
  }
  active.struck += 1;
  return true;
}

/** What the faults that are set do to a request at a time, and counts it. The first failure counts; delays take the longest. */
export function strike(faults: readonly ActiveFault[], request: Struck, time: Date): Strike {
  let result: Strike = { holdMs: 0, lateMs: 0 };
  for (const active of faults) {
    if (!strikes(active, request, time.getTime())) continue;
    const { fault } = active;
    if (fault.kind === 'hang') result = { ...result, holdMs: Math.max(result.holdMs, fault.ms ?? Infinity) };
    else if (fault.kind === 'late') result = { ...result, lateMs: Math.max(result.lateMs, fault.ms) };
    else result = { failure: fault, ...result };
  }
  return result;
}

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
