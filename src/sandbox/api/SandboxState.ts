import type { Decision } from '../../iam/Decision';
import type { ActiveFault } from '../faults';
import type { HttpAnswer } from '../http/httpServer';
import type { PolicyRule } from '../kubernetes/requestTarget';
import type { AssociationState, RoleState, World } from '../world/World';
import type { EarlierByKey } from '../world/delayedChanges';
import type { Quotas } from '../world/quotas';
import type { Session } from './Principal';

/** How long things take in the sandbox, in milliseconds of its clock. Everything is 0, at once, unless told. */
export interface Timing {
  /** How long the Pod Identity agent of a node gives a pod the credentials that it got before, whatever has changed since. */
  readonly agentCacheMs: number;
  /** How long the webhook and EKS Auth do not see that an association was made, changed or deleted. */
  readonly associationPropagationMs: number;
  /** How long an event takes until CloudTrail's LookupEvents finds it. */
  readonly cloudTrailDelay: number;
  /** How long EKS works on an add-on (`CREATING`, `UPDATING`) before it is `ACTIVE`. */
  readonly addonMs: number;
  /**
   * How long a pod that is deleted terminates, and still has its credentials, before it is gone; its grace period ends it earlier.
   * A cluster of EKS gives a pod 30 s.
   */
  readonly podTerminationMs: number;
  /** How long the pods of Jobs run before they succeed. */
  readonly jobPodMs: number;
}

export const NO_DELAYS: Timing = {
  agentCacheMs: 0,
  associationPropagationMs: 0,
  cloudTrailDelay: 0,
  addonMs: 0,
  podTerminationMs: 0,
  jobPodMs: 0,
};

/** One event in one account's event history. */
export interface TrailEvent {
  /** The account whose history it is in. */
  readonly account: string;
  readonly region: string;
  readonly id: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly time: number;
  readonly name: string;
  /** `sts.amazonaws.com` */
  readonly source: string;
  readonly readOnly: boolean;
  readonly username?: string;
  readonly accessKeyId?: string;
  readonly resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The whole record, in CloudTrail's shape. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** Credentials that an agent keeps for whoever has the same token. */
export interface CachedCredentials {
  readonly answer: HttpAnswer;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** One API call, as the call log keeps it. */
export interface ApiCall {
  /** ISO 8601. */
  readonly time: string;
  /** The caller's account; empty for calls that carry a token instead of a signature. */
  readonly account: string;
  /** The caller's ARN, or `anonymous`. */
  readonly principal: string;
  /** The service's signing name: `iam`, `sts`, `eks`, `eks-auth`, … */
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The error code, when the call failed. */
  readonly error?: string;
}

/** A request that a policy or a token check refused. */
export interface Denial {
  /** ISO 8601. */
  readonly time: string;
  /** The caller's ARN, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The error as the caller saw it. */
  readonly code: string;
  readonly message: string;
  /** Why, for people: the policy engine's explanation, or the message when no policy was asked. */
  readonly explanation: string;
  readonly decision?: Decision;
}

/** Everything a running sandbox holds. `world` outlives it, the rest does not. */
export interface SandboxState {
  readonly world: World;
  /** By access key id. */
  readonly sessions: Map<string, Session>;
  /** The quotas of an account, by its id. */
  readonly quotasOf: (account: string) => Quotas;
  /** The time that the sandbox lives in. */
  readonly clock: () => Date;
  readonly calls: ApiCall[];
  readonly denials: Denial[];
  /** What CloudTrail recorded, the oldest first. */
  readonly trail: TrailEvent[];
  /** When a role's sessions last called anything, by the role's id. */
  readonly lastUsed: Map<string, { readonly LastUsedDate: Date; readonly Region: string }>;
  timing: Timing;
  faults: readonly ActiveFault[];
  /** Roles by ARN as STS and EKS still see them. */
  readonly earlierRoles: EarlierByKey<RoleState>;
  /** Associations as the webhook and EKS Auth still see them. */
  readonly earlierAssociations: EarlierByKey<AssociationState>;
  /** What clients of a cluster's API server may do, by the cluster's ARN; everything where there is no entry. */
  readonly clusterRules: Map<string, readonly PolicyRule[]>;
  /** What the agents keep, by token. */
  readonly agentCache: Map<string, CachedCredentials>;
}
