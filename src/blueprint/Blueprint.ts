import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Account, ManageServiceAccount, Partition, Stage } from '../inventory/Inventory';

/** The EKS Pod Identity agent add-on of one cluster. */
export interface Agent {
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  /** `vX.Y.Z-eksbuild.N`. */
  readonly version: string;
  /** The add-on's configuration values as JSON text. */
  readonly configuration?: string;
  /** It exists already: it is imported, and not removed while it is in the inventory. */
  readonly adopt: boolean;
}

/** An EKS add-on whose service accounts have roles of workloads. */
export interface Addon extends Agent {
  /** `aws-ebs-csi-driver`. */
  readonly name: string;
  /** The IRSA role of its service accounts; absent: its workloads have left IRSA, and what EKS has is left as it is. */
  readonly serviceAccountRoleArn?: string;
  /** The associations that it owns. */
  readonly associations: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  /** Workloads whose roles it hands out, at whatever stage. */
  readonly workloads: readonly string[];
}

/** An IAM OIDC provider that podlift manages for one cluster. */
export interface OidcProvider {
  readonly cluster: string;
  /** `https://…`. */
  readonly issuer: string;
  readonly arn: string;
  /** It exists already: it is imported, and not removed while it is in the inventory. */
  readonly adopt: boolean;
}

/** An inline policy of a role. */
export interface InlinePolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What a source role and a target role have in common. */
export interface Role {
  /** The workload's key in the inventory. */
  readonly workload: string;
  readonly stage: Stage;
  readonly name: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly description?: string;
  /** The inline policy that podlift writes; absent when the role has no statements of its own. */
  readonly inline?: PolicyDocument;
  /** Further inline policies, as people wrote them. */
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs. */
  readonly managedPolicies: readonly string[];
  /** ARN. */
  readonly permissionsBoundary?: string;
  /** Seconds. */
  readonly maxSessionDuration?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The role of one workload in one environment, shared by its clusters there. */
export interface SourceRole extends Role {
  /** The role exists already: it is imported, never created. */
  readonly adopt: boolean;
  /** What is imported with it: ARNs of its managed policies, and names of its inline policies. */
  readonly imports: { readonly managedPolicies: readonly string[]; readonly inlinePolicies: readonly string[] };
}

/** A role in an account that a workload reaches through its source role. */
export interface TargetRole extends Role {
  /** The target's key in the workload. */
  readonly target: string;
  readonly account: Account;
  readonly via: 'workload' | 'association';
}

/** An EKS Pod Identity association. */
export interface Association {
  readonly workload: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  /** True where EKS must not send session tags. */
  readonly disableSessionTags: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The add-on that owns it and makes it; absent: it stands for itself. */
  readonly addon?: string;
  /** Its role was adopted, and so may it have been: tags that others gave it stay. */
  readonly keepsTags: boolean;
  /** Its id (`a-…`) where it exists already and is imported. */
  readonly importId?: string;
}

/** A Kubernetes service account and the annotations that podlift answers for. */
export interface ServiceAccount {
  readonly workload: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  /** The kubeconfig context by which Terraform reaches the cluster; absent: left to GitOps. */
  readonly context?: string;
  readonly namespace: string;
  readonly name: string;
  readonly manage: ManageServiceAccount;
  /** With `create`: the account exists and is imported. */
  readonly adopt: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  /**
   * The role's annotation is not wanted, and other field managers may own it still: Terraform takes it over with an empty value,
   * which is no role. False: Terraform owns what `annotations` has and nothing else.
   */
  readonly clearsAnnotation: boolean;
  /** The add-on that makes and annotates it; `manage` is `none` then. */
  readonly addon?: string;
}

/** What Terraform manages in an environment, kind by kind. */
export interface Resources {
  readonly agents: readonly Agent[];
  readonly addons: readonly Addon[];
  readonly oidcProviders: readonly OidcProvider[];
  readonly roles: readonly SourceRole[];
  readonly targetRoles: readonly TargetRole[];
  readonly associations: readonly Association[];
  readonly serviceAccounts: readonly ServiceAccount[];
}

/** All that must exist for one environment: plain data, the same for the same inventory. */
export interface Blueprint extends Resources {
  readonly environment: string;
  readonly account: Account;
  readonly region: string;
  readonly partition: Partition;
  /** On every AWS resource. */
  readonly tags: Readonly<Record<string, string>>;
  readonly state?: { readonly s3: { readonly bucket: string; readonly region: string; readonly prefix?: string } };
  /**
   * What may be in a state and is no longer podlift's: it stays as it is, and Terraform forgets it. What released workloads have at any
   * stage, and the agents and OIDC providers of clusters whose entries have none any more.
   */
  readonly released: Resources;
}
