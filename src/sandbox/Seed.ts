import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Quotas } from './world/quotas';

/** What a sandbox starts with: the AWS that stands before anyone deploys anything. */
export interface SandboxSeed {
  /** Twelve digits: the account of the ambient credentials. */
  readonly ambientAccount: string;
  readonly clusters: readonly SeedCluster[];
  readonly roles?: readonly SeedRole[];
  /** Customer-managed policies; an AWS-managed one needs no entry. */
  readonly policies?: readonly SeedPolicy[];
  /** OIDC providers; each takes tokens for `sts.amazonaws.com`, as IRSA needs it. */
  readonly oidcProviders?: readonly { readonly account: string; readonly issuer: string }[];
  /** Quotas that were raised, by the account's id; the others are AWS's defaults. */
  readonly quotas?: Readonly<Record<string, Partial<Quotas>>>;
}

export interface SeedCluster {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  /** `1.NN`. */
  readonly version: string;
  /** The https issuer URL that the cluster states; its tokens carry it as `iss`. Default: one made from the cluster's ARN. */
  readonly issuer?: string;
  /** EKS Auto Mode has the Pod Identity agent built in. Default: false. */
  readonly autoMode?: boolean;
  /** Default: one node, `ec2`, or `auto` on a cluster in Auto Mode. */
  readonly nodes?: readonly SeedNode[];
  /**
   * Managed node groups. A node is of the group that its label `eks.amazonaws.com/nodegroup` names; the agent on it may then do
   * what the group's role may do, and on every other node what AmazonEKSWorkerNodePolicy allows.
   */
  readonly nodeGroups?: readonly SeedNodeGroup[];
  /** ARN of the role of Auto Mode's nodes; the agent on them may then do what it may do. */
  readonly nodeRoleArn?: string;
  readonly addons?: readonly SeedAddon[];
  /** Associations that no add-on owns. */
  readonly associations?: readonly SeedAssociation[];
  /** Namespaces beside those that every cluster has; those of what else the seed has are there too. */
  readonly namespaces?: readonly string[];
  readonly serviceAccounts?: readonly SeedServiceAccount[];
  /** What else `kubectl create -f` made: Deployments, DaemonSets, StatefulSets, Jobs, CronJobs, pods, network policies. Their namespaces are made with them. */
  readonly manifests?: readonly SeedManifest[];
}

export interface SeedNodeGroup {
  readonly name: string;
  /** ARN of a role, which need not be there. */
  readonly nodeRole: string;
}

/** An add-on that is installed, `ACTIVE`. */
export interface SeedAddon {
  readonly name: string;
  /** Default: the newest that the sandbox knows. */
  readonly version?: string;
  /** The configuration values as they were given, JSON or YAML. */
  readonly configuration?: string;
  /** ARN of the IRSA role of its service account, which is annotated with it. */
  readonly serviceAccountRoleArn?: string;
  /** The associations that it owns. */
  readonly podIdentityAssociations?: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedAssociation {
  /** `a-…`. Default: a new one. */
  readonly id?: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** ARN. Nobody asks whether EKS would have taken it. */
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  /** Default: false. */
  readonly disableSessionTags?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedServiceAccount {
  readonly namespace: string;
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Names of secrets. */
  readonly imagePullSecrets?: readonly string[];
  /** Who wrote it. Default: `kubectl create`. */
  readonly writer?: FieldWriter;
}

/** Who wrote an object, as `metadata.managedFields` tells it. */
export interface FieldWriter {
  /** `helm`, `kubectl-client-side-apply`, `argocd-controller`, … */
  readonly fieldManager: string;
  /** `Apply` is server-side apply. Default: `Update`. */
  readonly operation?: 'Update' | 'Apply';
}

/** An object as it stands in a manifest; `default` is the namespace of one that names none. */
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

/** A node that pods can be on. */
export interface SeedNode {
  readonly name: string;
  /** What EKS runs it on; `windows` is an EC2 node with Windows. */
  readonly compute: 'ec2' | 'auto' | 'fargate' | 'hybrid' | 'windows';
  /** Labels beside those of the kubelet and of EKS. */
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
  /** ARNs of managed policies. */
  readonly attached?: readonly string[];
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  /** Seconds. Default: 3600. */
  readonly maxSessionDuration?: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** When a session of it last called anything, ISO 8601. Default: never. */
  readonly lastUsed?: string;
}

export interface SeedPolicy {
  readonly arn: string;
  readonly document: PolicyDocument;
}
