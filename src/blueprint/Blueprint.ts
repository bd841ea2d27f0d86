import type { PolicyDocument } from '../iam/PolicyDocument';
import type {
  Account,
  AssociationOwner,
  ManageServiceAccount,
  Partition,
  PolicyImports,
  Stage,
  StateSettings,
} from '../inventory/Inventory';

/** The EKS Pod Identity agent add-on of one cluster. */
export interface Agent {
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  /** `vX.Y.Z-eksbuild.N`. */
  readonly version: string;
  /** The add-on's configuration values as JSON text. */
  readonly configuration?: string;
  /** It exists: podlift imports it, and does not remove it while the inventory contains it. */
  readonly adopt: boolean;
  /** It exists, and the state does not have it: podlift imports it. Absent: false. */
  readonly imports?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** An EKS add-on whose service accounts have roles of workloads. */
export interface Addon extends Agent {
  /** `aws-ebs-csi-driver`. */
  readonly name: string;
  /** The IRSA role of its service accounts. Absent after IRSA: podlift then does not change the role in EKS. */
  readonly serviceAccountRoleArn?: string;
  /** The associations that the add-on owns. */
  readonly associations: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  /** Workloads of its service accounts, at any stage. */
  readonly workloads: readonly string[];
}

/** An IAM OIDC provider that podlift manages for one cluster. */
export interface OidcProvider {
  readonly cluster: string;
  /** `https://…`. */
  readonly issuer: string;
  readonly arn: string;
  /** It exists: podlift imports it, and does not remove it while the inventory contains it. */
  readonly adopt: boolean;
  /** It exists, and the state does not have it: podlift imports it. Absent: false. */
  readonly imports?: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** An inline policy of a role. */
export interface InlinePolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** The common parts of a source role and a target role. */
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
  /** The inline policy that podlift writes; absent for a role without statements. */
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
  /** What exists of it and podlift imports. Absent: nothing. */
  readonly imports?: PolicyImports;
  /**
   * Its owner writes the role, and podlift renders none of it: the documents say what the trust policy must be, and which permissions the
   * owner has given. Absent: podlift manages the role.
   */
  readonly manage?: 'external';
}

/** The role of one workload in one environment, shared by its clusters there. */
export interface SourceRole extends Role {
  /** The role exists: podlift imports it and never creates it. */
  readonly adopt: boolean;
  readonly imports: PolicyImports;
}

/** A role that a workload assumes from its source role. */
export interface TargetRole extends Role {
  /** The target's key in the workload. */
  readonly target: string;
  readonly account: Account;
  readonly via: 'workload' | 'association';
  /** The role exists: podlift imports it and never creates it. Absent: false. */
  readonly adopt?: boolean;
}

/** An EKS Pod Identity association. */
export interface Association {
  readonly workload: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The first one that the inventory names for the workload: see `Subject`. */
  readonly isFirst: boolean;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  /** EKS must not send session tags. */
  readonly disableSessionTags: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** The add-on that owns and creates it; absent: podlift creates it. */
  readonly addon?: string;
  /** The other tool that owns and creates it; absent: podlift or an add-on does. No stack has it. */
  readonly owner?: AssociationOwner;
  /** Its role existed before, so the association can have tags of others: they stay. */
  readonly keepsTags: boolean;
  /** Its id (`a-…`) if it exists and podlift imports it. */
  readonly importId?: string;
}

/** A Kubernetes service account and its annotations of podlift. */
export interface ServiceAccount {
  readonly workload: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  /** The kubeconfig context of the cluster for Terraform; absent: GitOps manages the account. */
  readonly context?: string;
  readonly namespace: string;
  readonly name: string;
  /** The first one that the inventory names for the workload: see `Subject`. */
  readonly isFirst: boolean;
  readonly manage: ManageServiceAccount;
  /** With `create`: the account exists, and podlift imports it. */
  readonly adopt: boolean;
  /** With `create`: the account exists, and the state does not have it: podlift imports it. Absent: false. */
  readonly imports?: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  /**
   * The stage has no annotation, but other field managers can still own one: Terraform overwrites it with an empty value, which means
   * no role. False: Terraform owns only `annotations`.
   */
  readonly clearsAnnotation: boolean;
  /** The add-on that creates and annotates it; `manage` is then `none`. */
  readonly addon?: string;
}

/** The resources of an environment, by kind: those that Terraform manages, and associations of other tools. */
export interface Resources {
  readonly agents: readonly Agent[];
  readonly addons: readonly Addon[];
  readonly oidcProviders: readonly OidcProvider[];
  readonly roles: readonly SourceRole[];
  readonly targetRoles: readonly TargetRole[];
  readonly associations: readonly Association[];
  readonly serviceAccounts: readonly ServiceAccount[];
}

/** Everything that must exist for one environment. It is plain data, and equal for equal inventories. */
export interface Blueprint extends Resources {
  /** The name of the inventory; absent: it has none. */
  readonly inventory?: string;
  readonly environment: string;
  readonly account: Account;
  readonly region: string;
  /**
   * The other regions that Terraform needs a provider for: those of all clusters, whatever stands there now, since Terraform removes the last
   * resource of a region by the provider's configuration; and those that the inventory keeps.
   */
  readonly otherRegions: readonly string[];
  readonly partition: Partition;
  /** Tags of every AWS resource. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where the states are. Absent: local files in the folder where the stacks are written from. */
  readonly state?: StateSettings;
  /** The absolute folder in which `state.local.folder` starts. Absent: the current one. */
  readonly folder?: string;
  /**
   * Resources that Terraform forgets without changing them: those of released workloads at any stage, associations that other tools own, and
   * agents and OIDC providers that were removed from the entries of their clusters.
   */
  readonly released: Resources;
}
