import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Quotas } from './world/quotas';

/** The AWS accounts and clusters that a sandbox starts with. */
export interface SandboxSeed {
  /** The account of the ambient credentials, twelve digits. */
  readonly ambientAccount: string;
  /** Other accounts that exist, for example of vendors. Those that a trust policy of the seed names need no entry. */
  readonly accounts?: readonly string[];
  readonly clusters: readonly SeedCluster[];
  readonly roles?: readonly SeedRole[];
  /** Customer-managed policies. AWS-managed policies need no entry. */
  readonly policies?: readonly SeedPolicy[];
  /** OIDC providers. Their audience is `sts.amazonaws.com`, as IRSA needs it. */
  readonly oidcProviders?: readonly { readonly account: string; readonly issuer: string }[];
  /** Organisations, each with the accounts that are directly under its root. Default: no account is in one. */
  readonly organisations?: readonly SeedOrganisation[];
  /** Analyzers of unused access. Default: none. */
  readonly analyzers?: readonly SeedAnalyzer[];
  /** Raised quotas, by account id. Other quotas are AWS's defaults. */
  readonly quotas?: Readonly<Record<string, Partial<Quotas>>>;
}

export interface SeedAnalyzer {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** What was not used for so many days is a finding. */
  readonly days: number;
}

export interface SeedOrganisation {
  /** `o-…`, the value of `aws:PrincipalOrgID`. */
  readonly id: string;
  /** `r-…`. Default: `r-0000`. */
  readonly root?: string;
  /** Twelve digits each. */
  readonly accounts: readonly string[];
  /** The management account, which alone can list the accounts. Default: the first one. */
  readonly management?: string;
  /** Names of accounts by id. Default: the id. */
  readonly names?: Readonly<Record<string, string>>;
  /** Ids of accounts that are closed or suspended. Default: none. */
  readonly suspended?: readonly string[];
}

/** From where the requests of pods reach AWS: from a public address, that of a NAT gateway, or through the VPC endpoint of each service. */
export type SeedEgress =
  { readonly sourceIp: string } | { readonly vpc: string; readonly vpcEndpoint: string; readonly privateIp: string };

export interface SeedCluster {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  /** `1.NN`. */
  readonly version: string;
  /** The https URL of the issuer of the cluster's tokens. Default: a URL made from the cluster's ARN. */
  readonly issuer?: string;
  /** EKS Auto Mode, which has the Pod Identity agent built in. Default: false. */
  readonly autoMode?: boolean;
  /** From where the requests of its pods reach AWS. Default: 203.0.113.1. */
  readonly egress?: SeedEgress;
  /** Default: one node, `ec2`, or `auto` on a cluster in Auto Mode. */
  readonly nodes?: readonly SeedNode[];
  /**
   * Managed node groups. The label `eks.amazonaws.com/nodegroup` of a node names its group. The agent on the node uses the group's role, on all
   * other nodes a role with AmazonEKSWorkerNodePolicy.
   */
  readonly nodeGroups?: readonly SeedNodeGroup[];
  /** The ARN of the role of Auto Mode's nodes, which the agent on them uses. */
  readonly nodeRoleArn?: string;
  readonly addons?: readonly SeedAddon[];
  /** Versions of add-ons that the cluster also takes, by add-on: podlift's list has a date, and AWS adds versions. Default: those of the list. */
  readonly newerAddonVersions?: Readonly<Record<string, readonly string[]>>;
  /** Associations without an owning add-on. */
  readonly associations?: readonly SeedAssociation[];
  /** More namespaces. Those of a new cluster, and those of the seed's objects, need no entry. */
  readonly namespaces?: readonly string[];
  readonly serviceAccounts?: readonly SeedServiceAccount[];
  /** Other objects: Deployments, DaemonSets, StatefulSets, Jobs, CronJobs, pods, network policies. Missing namespaces are created. */
  readonly manifests?: readonly SeedManifest[];
}

export interface SeedNodeGroup {
  readonly name: string;
  /** The ARN of a role, which need not exist. */
  readonly nodeRole: string;
}

/** An installed add-on with the status `ACTIVE`. */
export interface SeedAddon {
  readonly name: string;
  /** Default: the default version for the cluster's version. */
  readonly version?: string;
  /** The configuration values, JSON or YAML. */
  readonly configuration?: string;
  /** The ARN of the IRSA role. The service account gets the annotation. */
  readonly serviceAccountRoleArn?: string;
  /** The associations that the add-on owns. */
  readonly podIdentityAssociations?: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedAssociation {
  /** `a-…`. Default: a new one. */
  readonly id?: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The ARN of a role. EKS's checks of the role are skipped. */
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  /** Default: false. */
  readonly disableSessionTags?: boolean;
  /** The session policy, JSON. */
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedServiceAccount {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The names of secrets. */
  readonly imagePullSecrets?: readonly string[];
  /** The writer of the account. Default: `kubectl create`. */
  readonly writer?: FieldWriter;
}

/** The writer of an object in `metadata.managedFields`. */
export interface FieldWriter {
  /** `helm`, `kubectl-client-side-apply`, `argocd-controller`, … */
  readonly fieldManager: string;
  /** `Apply` is server-side apply. Default: `Update`. */
  readonly operation?: 'Update' | 'Apply';
}

/** A Kubernetes object as in a manifest. The default namespace is `default`. */
export interface SeedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A node of a cluster. */
export interface SeedNode {
  readonly name: string;
  /** The kind of the node. `windows` is an EC2 node with Windows. */
  readonly compute: 'ec2' | 'auto' | 'fargate' | 'hybrid' | 'windows';
  /** More labels than those of the kubelet and of EKS. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface SeedRole {
  readonly account: string;
  readonly name: string;
  /** Default: `/`. */
  readonly path?: string;
  readonly description?: string;
  readonly trust: PolicyDocument;
  /** Inline policies by name. */
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  /** The ARNs of managed policies. */
  readonly attached?: readonly string[];
  /**
   * The ARNs of attached AWS policies that the list of AWS's policies does not have: deprecated ones, which stay attached, and newer ones. Their
   * documents are unknown: they allow nothing.
   */
  readonly attachedUnlisted?: readonly string[];
  /** The ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  /** Seconds. Default: 3600. */
  readonly maxSessionDuration?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** When a session of the role last called an API, ISO 8601. Default: never. */
  readonly lastUsed?: string;
  /** When a session of the role last tried an action (`s3:GetObject`), ISO 8601. Default: never. */
  readonly used?: Readonly<Record<string, string>>;
  /** When the role was made, ISO 8601. Default: now. */
  readonly createdAt?: string;
}

export interface SeedPolicy {
  readonly arn: string;
  readonly document: PolicyDocument;
}
