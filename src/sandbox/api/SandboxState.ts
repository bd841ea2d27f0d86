import type { Decision } from '../../iam/Decision';
import type { ActiveFault } from '../faults';
import type { HttpAnswer } from '../http/httpServer';
import type { PolicyRule } from '../kubernetes/requestTarget';
import type { KubeObject } from '../kubernetes/KubeObject';
import type { AssociationState, ClusterState, RoleState, World } from '../world/World';
import type { Quotas } from '../world/quotas';
import type { Input } from './Input';
import type { Session, UserSession } from './Principal';

/**
 * A service that sees changes of another service late: EKS and STS see roles late, EKS Auth and the webhook of each API server associations.
 */
export type Viewer = 'eks' | 'sts' | 'eks-auth' | `webhook ${number}`;

/** How long things take in the sandbox, in milliseconds. Default: 0 everywhere, nothing takes time. */
export interface Timing {
  /** Whether the Pod Identity agents keep credentials, as they do on AWS. Default: false. */
  readonly agentCache: boolean;
  /**
   * How long a viewer does not see one change: EKS the change of a role, EKS Auth and each webhook that of an association. `change` is the same
   * for all viewers of a change, and different for each change. `isNew`: the change creates the role or the association.
   */
  readonly propagationMs: (viewer: Exclude<Viewer, 'sts'>, change: string, isNew: boolean) => number;
  /** How long an event takes until CloudTrail's LookupEvents finds it. */
  readonly cloudTrailDelay: number;
  /** How long an add-on is `CREATING` or `UPDATING` before it is `ACTIVE`. */
  readonly addonMs: number;
  /**
   * How long a deleted pod is terminating and keeps its credentials; a shorter grace period of the pod ends this time. The default grace
   * period of Kubernetes is 30 s.
   */
  readonly podTerminationMs: number;
  /** How long the pods of Jobs run before they succeed. */
  readonly jobPodMs: number;
}

export const NO_DELAYS: Timing = {
  agentCache: false,
  propagationMs: () => 0,
  cloudTrailDelay: 0,
  addonMs: 0,
  podTerminationMs: 0,
  jobPodMs: 0,
};

/** One event in the CloudTrail event history of one account. */
export interface TrailEvent {
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

/** An answer that an agent keeps for a pod. Times are those of `elapsedTime`. */
export interface CachedCredentials {
  /** The agent that keeps it. */
  readonly agent: string;
  readonly answer: HttpAnswer;
  /** The newest token of the pod. */
  readonly authorization: string;
  readonly renewAt: number;
  /** When the credentials end. */
  readonly endsAt: number;
  readonly tokenEndsAt: number;
  /** Asks EKS Auth again: new credentials, or the code of the error. */
  readonly renew: (
    state: SandboxState,
    authorization: string,
  ) => { readonly answer: HttpAnswer; readonly expiration: Date } | { readonly code: string };
}

/** The state of an entity before a change that other services do not see yet. */
export interface EarlierState<T> {
  /** The change is visible from then on: a time of `elapsedTime` for associations, milliseconds since 1970 for roles. */
  readonly until: number;
  /** Undefined: the entity did not exist. */
  readonly value: T | undefined;
}

/** Earlier states by key, the oldest first. */
export type EarlierStates<T> = Map<string, readonly EarlierState<T>[]>;

/** An answer that a request with the same token gets again. */
export interface AnsweredToken {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The input without the token. */
  readonly input: Input;
  /** The answer, as an action gives it. */
  readonly output: Readonly<Record<string, unknown>>;
}

/** One API call, in the log of calls. */
export interface ApiCall {
  /** ISO 8601. */
  readonly time: string;
  /** The caller's account; empty for a call with a token instead of a signature. */
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

/** A request that a policy or a token check denied. */
export interface Denial {
  /** ISO 8601. */
  readonly time: string;
  /** The caller's ARN, or `anonymous`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The code and the message of the caller's error. */
  readonly code: string;
  readonly message: string;
  /** The reason for people: the explanation of the policy engine, or the message when no policy was evaluated. */
  readonly explanation: string;
  readonly decision?: Decision;
}

/** The last attempt of a role to take an action, also a denied one. */
export interface UsedAction {
  /** `sts:AssumeRole`. */
  readonly action: string;
  readonly at: Date;
  readonly region: string;
}

/** A report of IAM: what it has does not change any more. */
export interface AccessReport {
  /** The caller that may read it: the user, or the session of a role. */
  readonly owner: string;
  readonly granularity: string;
  readonly createdAt: Date;
  readonly isReady: boolean;
  readonly services: readonly Readonly<Record<string, unknown>>[];
}

/** An analyzer of unused access that exists. The sandbox makes none: `CreateAnalyzer` is not there. */
export interface AnalyzerState {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** What was not used for so many days is a finding. */
  readonly days: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The whole state of a running sandbox. Only `world` is saved. */
export interface SandboxState {
  readonly world: World;
  /** By access key id. */
  readonly sessions: Map<string, Session>;
  /** By access key id. */
  readonly userSessions: Map<string, UserSession>;
  /** The quotas of an account, by its id. */
  readonly quotasOf: (account: string) => Quotas;
  /** The current time of the sandbox. */
  readonly clock: () => Date;
  /** See `elapsedTime`. */
  readonly elapsed?: () => number;
  readonly calls: ApiCall[];
  readonly denials: Denial[];
  /** CloudTrail's events, the oldest first. */
  readonly trail: TrailEvent[];
  /** When LookupEvents answered in the last second, in milliseconds since 1970, by account and region. */
  readonly lookups: Map<string, readonly number[]>;
  /** When a session of a role last called an API, by the role's id. */
  readonly lastUsed: Map<string, { readonly LastUsedDate: Date; readonly Region: string }>;
  /** What sessions of a role tried, by the role's id and by action: `sts:AssumeRole`. */
  readonly used: Map<string, Map<string, UsedAction>>;
  /** Analyzers of unused access. */
  readonly analyzers: readonly AnalyzerState[];
  /** IAM's reports on the use of permissions, by the id of their job. */
  readonly accessReports: Map<string, AccessReport>;
  /** The secret that clients of the API servers show. */
  readonly kubernetesToken: string;
  timing: Timing;
  faults: readonly ActiveFault[];
  /** By viewer and ARN: the roles as STS and EKS still see them. */
  readonly earlierRoles: EarlierStates<RoleState>;
  /** By viewer and service account: the associations as the webhooks and EKS Auth still see them. */
  readonly earlierAssociations: EarlierStates<AssociationState>;
  /** How many changes each role and each service account's association has had. */
  readonly changes: Map<string, number>;
  /** By cluster ARN: what clients of the API server may do. A cluster without an entry allows everything. */
  readonly clusterRules: Map<string, readonly PolicyRule[]>;
  /** Starts the calls of a pod's containers; the pod of a Job ends when they have their answers. Absent: nothing listens yet. */
  runPod?: (cluster: ClusterState, pod: KubeObject) => void;
  /** EKS's answers by operation and `clientRequestToken`, the oldest first. */
  readonly answeredTokens: Map<string, AnsweredToken>;
  /** The credentials that the agents keep, those that were used least recently first. */
  readonly agentCache: Map<string, CachedCredentials>;
}

/**
 * The time, in milliseconds, by which associations become effective and agents renew credentials: that of the clock, unless whoever started the
 * sandbox lets it pass by hand. Minutes and hours then need not be waited for; signatures, tokens and events have the time of the clock.
 */
export function elapsedTime({ elapsed, clock }: Pick<SandboxState, 'elapsed' | 'clock'>): number {
  return elapsed === undefined ? clock().getTime() : elapsed();
}
