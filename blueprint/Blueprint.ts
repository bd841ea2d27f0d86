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
}

/** An IAM OIDC provider that podlift manages for one cluster. */
export interface OidcProvider {
  readonly cluster: string;
  /** `https://…`. */
  readonly issuer: string;
  readonly arn: string;
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
  /** The role's one inline policy; absent when the role has no statements of its own. */
  readonly inline?: PolicyDocument;
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
  readonly annotations: Readonly<Record<string, string>>;
}

/** All that must exist for one environment: plain data, the same for the same inventory. */
export interface Blueprint {
  readonly environment: string;
  readonly account: Account;
  readonly region: string;
  readonly partition: Partition;
  /** On every AWS resource. */
  readonly tags: Readonly<Record<string, string>>;
  readonly state?: { readonly s3: { readonly bucket: string; readonly region: string; readonly prefix?: string } };
  readonly agents: readonly Agent[];
  readonly oidcProviders: readonly OidcProvider[];
  readonly roles: readonly SourceRole[];
  readonly targetRoles: readonly TargetRole[];
  readonly associations: readonly Association[];
  readonly serviceAccounts: readonly ServiceAccount[];
}
