import type { TargetRole } from '../../blueprint/Blueprint';
import type { NamedPolicy } from '../../iam/Decision';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  OidcProviderFacts,
  RoleFacts,
} from '../../estate/aws/AwsPort';
import type {
  NetworkPolicyFacts,
  NodeFacts,
  PodFacts,
  ServiceAccountFacts,
} from '../../estate/kubernetes/KubernetesPort';

/** What a role may do, with the documents. */
export interface LivePermissions {
  /** ARNs of the managed policies that are attached. */
  readonly attached: readonly string[];
  /** Names of the inline policies. */
  readonly inline: readonly string[];
  /** The documents of both. */
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

/** A role as it stands in AWS; nothing where there is none. */
export interface LiveRole {
  readonly role: Answer<RoleFacts | undefined>;
  readonly permissions: Answer<LivePermissions | undefined>;
}

/** The role of a node; no `arn` where the API does not say it (a node of no managed node group, and not of Auto Mode). */
export interface NodeRole {
  readonly node: string;
  readonly arn?: string;
  /** Absent where there is no `arn`. */
  readonly permissions?: Answer<LivePermissions | undefined>;
}

/** All that is asked about a patient. Pods are those that run or are about to; pods that are told to end are left out. */
export interface Facts {
  readonly cluster: Answer<ClusterFacts | undefined>;
  /** Of the tokens of the cluster that the context leads to. */
  readonly issuer: Answer<string>;
  readonly serviceAccount: Answer<ServiceAccountFacts | undefined>;
  readonly pods: Answer<readonly PodFacts[]>;
  readonly nodes: Answer<readonly NodeFacts[]>;
  /** Of the namespace of the agent. */
  readonly agentPods: Answer<readonly PodFacts[]>;
  /** Every pod of the cluster, asked where a node of the workload has no ready agent; else empty. */
  readonly neighbours: Answer<readonly PodFacts[]>;
  readonly networkPolicies: Answer<readonly NetworkPolicyFacts[]>;
  readonly agent: Answer<AddonFacts | undefined>;
  readonly association: Answer<AssociationFacts | undefined>;
  readonly source: LiveRole;
  readonly targets: readonly (LiveRole & { readonly target: TargetRole })[];
  /** Absent where the inventory has no issuer for the cluster. */
  readonly provider?: Answer<OidcProviderFacts | undefined>;
  /** Of the nodes on which the workload's pods are; not of Fargate and Windows ones. */
  readonly nodeRoles: Answer<readonly NodeRole[]>;
}
