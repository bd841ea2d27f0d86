import type { Decision } from '../../iam/Decision';
import type { TrailEvent } from '../cloudtrail/TrailEvent';
import type { CachedCredentials } from '../eksAuth/CachedCredentials';
import type { ActiveFault } from '../faults/strike';
import type { PolicyRule } from '../kubernetes/authorize';
import type { Timing } from '../Timing';
import type { EarlierByKey } from '../world/earlier';
import type { Quotas } from '../world/quotas';
import type { AssociationState, RoleState, World } from '../world/World';
import type { Session } from './Principal';

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
