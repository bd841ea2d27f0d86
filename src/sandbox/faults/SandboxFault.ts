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
