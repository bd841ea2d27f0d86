import type { PolicyDocument } from '../iam/PolicyDocument';
import type {
  AddonFacts,
  AssociationFacts,
  ClusterFacts,
  NodeGroupFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
  TrailEvent,
  Unanswered,
} from './aws/AwsPort';
import type { NetworkPolicyFacts, NodeFacts, PodFacts, ServiceAccountFacts } from './kubernetes/KubernetesPort';
import type { Remedy } from './Remedy';

/**
 * One part of what stands: its value, or the reason why there is none. `at` is the time of AWS or of the cluster (ISO 8601). A part that is absent
 * was not asked for. `value: null`: AWS or the cluster has no such thing.
 */
export type Part<T> = { readonly at: string; readonly value: T } | NoValue;

/** Exactly one of the five reasons is present. */
export interface NoValue extends Readonly<Partial<Record<Unanswered, true>>> {
  readonly at: string;
  /** One sentence. */
  readonly message: string;
  readonly fix?: Remedy;
}

/** Parts by a key that the field names. */
export type Parts<T> = Readonly<Record<string, Part<T>>>;

/** The key of the list of all, beside the keys of single things. */
export const ALL = '*';

/** What stands in one account. */
export interface AccountParts {
  /** By name. */
  readonly roles?: Parts<RoleFacts | null>;
  /** Attached and inline policies of roles, by the name of the role. */
  readonly rolePolicies?: Parts<RolePolicyFacts | null>;
  /** Documents by ARN. */
  readonly managedPolicies?: Parts<PolicyDocument | null>;
  /** By ARN. */
  readonly oidcProviders?: Parts<OidcProviderFacts | null>;
  /** CloudTrail's events by region, then by name of the event. */
  readonly events?: Readonly<Record<string, Parts<TrailSpan>>>;
}

/** The events of one name since a time (ISO 8601). */
export interface TrailSpan {
  readonly since: string;
  readonly events: readonly TrailEvent[];
}

/** What stands in one cluster, as EKS and the API server say. */
export interface ClusterParts {
  readonly cluster?: Part<ClusterFacts | null>;
  /** By name, `*`: all. */
  readonly addons?: Readonly<Record<string, Part<AddonFacts | null | readonly AddonFacts[]>>>;
  readonly nodeGroups?: Part<readonly NodeGroupFacts[]>;
  /** By `namespace/service account`, `*`: all. */
  readonly associations?: Readonly<Record<string, Part<AssociationFacts | null | readonly AssociationFacts[]>>>;
  /** The issuer of the cluster that the kubeconfig context leads to. */
  readonly issuer?: Part<string>;
  /** By `namespace/name`, `*`: all. */
  readonly serviceAccounts?: Readonly<
    Record<string, Part<ServiceAccountFacts | null | readonly ServiceAccountFacts[]>>
  >;
  /** By namespace, `*`: all. */
  readonly pods?: Parts<readonly PodFacts[]>;
  readonly nodes?: Part<readonly NodeFacts[]>;
  /** By namespace. */
  readonly networkPolicies?: Parts<readonly NetworkPolicyFacts[]>;
}

/** The format that a saved Estate names. */
export const ESTATE_FORMAT = 'podlift.estate/1';

/**
 * What stands in AWS and in the clusters, as plain data: the twin of the Blueprint. It is keyed by account id, region and cluster ARN, never by keys of
 * the inventory.
 */
export interface Estate {
  readonly format: typeof ESTATE_FORMAT;
  /** The newest time of its parts (ISO 8601): "now" for whoever judges. */
  readonly at: string;
  /** By account id. */
  readonly accounts: Readonly<Record<string, AccountParts>>;
  /** By cluster ARN. */
  readonly clusters: Readonly<Record<string, ClusterParts>>;
}
