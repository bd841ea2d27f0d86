import type { PolicyDocument } from '../../src/iam/PolicyDocument';
import type {
  AddonFacts,
  AnalyzerFacts,
  AssociationFacts,
  ClusterFacts,
  LastAccessedFacts,
  NodeGroupFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
  TrailEvent,
  Unanswered,
  UnusedFindingFacts,
} from '../../src/estate/aws/AwsPort';
import type {
  CustomObjectFacts,
  EnginePolicyFacts,
  NetworkPolicyFacts,
  NodeFacts,
  PodFacts,
  ServiceAccountFacts,
  TemplateFacts,
  VariableSourceFacts,
} from '../../src/estate/kubernetes/KubernetesPort';

/** What AWS and a cluster hold, for ports in memory. */
export interface World {
  clusters: Record<string, ClusterFacts>;
  /** The agent's add-on by cluster. */
  addons: Record<string, AddonFacts>;
  /** By cluster. */
  otherAddons: Record<string, AddonFacts[]>;
  /** By cluster. */
  nodeGroups: Record<string, NodeGroupFacts[]>;
  associations: AssociationFacts[];
  /** By `account/name`. */
  roles: Record<string, RoleFacts>;
  /** By `account/name`. */
  rolePolicies: Record<string, RolePolicyFacts>;
  /** By ARN. */
  managedPolicies: Record<string, PolicyDocument>;
  /** By ARN. */
  oidcProviders: Record<string, OidcProviderFacts>;
  /** By ARN of the role. */
  lastAccessed?: Record<string, LastAccessedFacts>;
  /** By `account region`. */
  analyzers?: Record<string, AnalyzerFacts[]>;
  /** By `analyzer role`, both ARNs. */
  unusedFindings?: Record<string, UnusedFindingFacts[]>;
  events: TrailEvent[];
  /** The only region that has an event, by its id; others are in every region. */
  eventRegions?: Record<string, string>;
  pods: PodFacts[];
  templates: TemplateFacts[];
  /** By `namespace/name`. */
  configMaps: Record<string, VariableSourceFacts>;
  /** By `namespace/name`. */
  secrets: Record<string, VariableSourceFacts>;
  nodes: NodeFacts[];
  /** By resource; the cluster has the API groups of these. */
  customObjects?: Record<string, CustomObjectFacts[]>;
  /** By resource; the cluster has the API groups of these. */
  enginePolicies?: Record<string, EnginePolicyFacts[]>;
  /** Of the tokens of the cluster that the context leads to. */
  issuer: string;
  /** By `namespace/name`. */
  serviceAccounts: Record<string, ServiceAccountFacts>;
  /** By namespace. */
  networkPolicies: Record<string, NetworkPolicyFacts[]>;
  /** Questions that get no answer, by the method's name or as `method argument…`. */
  unanswered: Record<string, Unanswered>;
  /** Every question, as `method argument…`. */
  readonly asked: string[];
}
