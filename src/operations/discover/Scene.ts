import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import type { AddonFacts, ClusterFacts, OidcProviderFacts } from '../../estate/aws/AwsPort';
import type { NodeFacts } from '../../estate/kubernetes/KubernetesPort';
import type { ClusterSurvey } from './ClusterSurvey';
import type { LeftOut } from './Proposal';
import type { Subject } from './Subject';

/** A survey whose answers are all there, beside the inventory: what each decision looks at. */
export interface Scene {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** As the inventory has it, or as it will; with the issuer that the cluster has. */
  readonly cluster: Cluster;
  /** The inventory says it has an OIDC issuer, or will. */
  readonly hasOidc: boolean;
  readonly facts: ClusterFacts;
  readonly provider?: OidcProviderFacts;
  readonly addons: readonly AddonFacts[];
  readonly subjects: readonly Subject[];
  /** Those that use a role, by its ARN. */
  readonly users: ReadonlyMap<string, readonly Subject[]>;
  /** All service accounts of the cluster, as `namespace/name`. */
  readonly serviceAccounts: ReadonlySet<string>;
  readonly nodes: ReadonlyMap<string, NodeFacts>;
  readonly roles: ClusterSurvey['roles'];
  /** Keys of workloads that are written already, in whatever environment. */
  readonly takenKeys: ReadonlySet<string>;
  readonly now: Date;
}

/** Looks for one reason to leave a service account out. */
export type Decision = (subject: Subject, scene: Scene) => LeftOut | undefined;
