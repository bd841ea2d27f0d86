import type { Account, Cluster, Environment } from '../../inventory/Inventory';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
} from '../../estate/aws/AwsPort';
import type { NodeFacts, PodFacts, ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';

/** An environment without what the inventory says of its workloads. */
export type Surroundings = Omit<Environment, 'workloads'>;

/** What is asked about. */
export interface SurveyPlace {
  readonly environment: Surroundings;
  /** As the inventory has it, or `newCluster` of its name. */
  readonly cluster: Cluster;
  /** Accounts of the inventory: roles in them can be asked for. */
  readonly accounts: readonly Account[];
}

/** A role with what it may do. */
export interface SurveyedRole {
  readonly facts: RoleFacts;
  readonly policies: Answer<RolePolicyFacts | undefined>;
  /** Whether its sessions may assume it again, by its trust, permissions and boundary. */
  readonly assumesItself: Answer<boolean>;
}

/**
 * What stands in a cluster and its accounts, as far as it was answered; nothing is judged yet. An answer that is missing is kept as such: it is not
 * the same as nothing.
 */
export interface ClusterSurvey {
  readonly cluster: Answer<ClusterFacts | undefined>;
  /** The issuer of the cluster that the kubeconfig context leads to. */
  readonly contextIssuer: Answer<string>;
  /** The cluster's OIDC provider in IAM. */
  readonly oidcProvider: Answer<OidcProviderFacts | undefined>;
  readonly addons: Answer<readonly AddonFacts[]>;
  readonly associations: Answer<readonly AssociationFacts[]>;
  readonly serviceAccounts: Answer<readonly ServiceAccountFacts[]>;
  readonly pods: Answer<readonly PodFacts[]>;
  readonly nodes: Answer<readonly NodeFacts[]>;
  /** By the ARN that an annotation or association names; nothing where there is no such role. */
  readonly roles: Readonly<Record<string, Answer<SurveyedRole | undefined>>>;
}

/** How far a survey is. `total` grows as more is found to ask. */
export interface SurveyProgress {
  readonly done: number;
  readonly total: number;
  /** What was asked last: `role billing`. */
  readonly what: string;
}
