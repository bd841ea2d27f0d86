// The inventory after loading: references resolved, overrides merged, names replaced.

import type { OneOrMany, PolicyDocument, Statement } from '../iam/PolicyDocument';

/** The five stages of a migration, in order. Source: the stage table of docs/MIGRATION.md. */
export const STAGES = ['irsa', 'prepared', 'dual', 'cutover', 'pod-identity'] as const;
export type Stage = (typeof STAGES)[number];

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';
export type Compute = 'ec2' | 'fargate' | 'windows' | 'hybrid' | 'auto';
export type ManageServiceAccount = 'create' | 'annotate' | 'none';

export interface Account {
  readonly key: string;
  /** Twelve digits. */
  readonly id: string;
  /** ARN of the role that Terraform assumes. Absent: the ambient credentials. */
  readonly deployRole?: string;
  /** ARN of the role that podlift assumes to read from AWS. Absent: that of `deployRole`. */
  readonly readRole?: string;
}

interface Oidc {
  /** `https://…` without a trailing slash, as the cluster has it. */
  readonly issuer: string;
  readonly provider: 'existing' | 'managed';
  /** The managed provider exists: Terraform imports it, and never destroys it. */
  readonly adopt: boolean;
  /** The provider exists, and the state does not have it. Absent: false. */
  readonly imports?: boolean;
}

/** An EKS add-on whose service accounts have roles of workloads. */
export interface Addon {
  /** `aws-ebs-csi-driver`. */
  readonly name: string;
  /** `vX.Y.Z-eksbuild.N`. */
  readonly version: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The workload's key by the name of the add-on's service account. */
  readonly serviceAccounts: Readonly<Record<string, string>>;
  /** The add-on exists: Terraform imports it, and never destroys it. */
  readonly adopt: boolean;
  /** The add-on exists, and the state does not have it. Absent: false. */
  readonly imports?: boolean;
}

export interface Cluster {
  readonly key: string;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly version: string;
  readonly autoMode: boolean;
  readonly oidc?: Oidc;
  readonly agent?: {
    readonly version: string;
    readonly configuration?: Readonly<Record<string, unknown>>;
    /** The agent exists: Terraform imports it, keeps it at every stage, and never destroys it. */
    readonly adopt: boolean;
    /** The agent exists, and the state does not have it. Absent: false. */
    readonly imports?: boolean;
    /** The agent stays at every stage: others on the cluster need it. Default: false. */
    readonly keep?: boolean;
  };
  readonly addons: readonly Addon[];
  readonly kubernetes?: { readonly context: string };
}

export interface RoleSettings {
  readonly name?: string;
  readonly path?: string;
  readonly permissionsBoundary?: string;
  /** Seconds. */
  readonly maxSessionDuration?: number;
}

/** A role's settings with the environment's defaults and the naming rule applied. */
export interface ResolvedRole extends RoleSettings {
  readonly name: string;
  readonly path: string;
  /** The role exists and stays with its owner: podlift never writes it. Absent: podlift manages the role. */
  readonly manage?: 'external';
}

/**
 * Statements of an adopted role's trust policy that have the effect of podlift's own, as they were found. They replace podlift's own
 * statements at the stages that have them, so that the adoption changes nothing.
 */
export interface AdoptedTrust {
  /** The version of the trust policy where it is another than 2012-10-17. `none`: it has no version, which means 2008-10-17. */
  readonly version?: '2008-10-17' | 'none';
  /** The `Id` of the trust policy. */
  readonly id?: string;
  /** Replace podlift's statement for each OIDC provider that they name. */
  readonly oidc?: readonly KeptStatement[];
  /** Replace podlift's statement for `pods.eks.amazonaws.com`. */
  readonly podIdentity?: readonly KeptStatement[];
  /** The reason why all of them may allow more than the workload. Without a reason, here or in the statement, the proof fails if they do. */
  readonly because?: string;
}

/** Parts of a role that exist and that the next apply imports. Nothing needs these entries after it. */
export interface PolicyImports {
  /** The role itself. Absent: false; an adopted role is always imported. */
  readonly role?: boolean;
  /** ARNs of attached policies. */
  readonly managedPolicies: readonly string[];
  /** Names of inline policies. */
  readonly inlinePolicies: readonly string[];
}

/** What exists of a workload and is imported by the next apply. */
export interface RoleImports extends PolicyImports {
  /** Association ids (`a-…`) by cluster key: of the first subject there, or by `namespace/service-account`. See `associationImport`. */
  readonly associations: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** A workload's own role. */
export interface WorkloadRoleSettings extends ResolvedRole {
  readonly adopt: boolean;
  readonly description?: string;
  /** Tags of other tools, which stay beside podlift's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly adoptedTrust?: AdoptedTrust;
  readonly imports: RoleImports;
  /** Statements that stay in the trust policy beside podlift's own, at every stage. */
  readonly keepTrust?: readonly KeptStatement[];
}

export interface PermissionStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly effect?: 'Allow' | 'Deny';
  readonly sid?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly because?: string;
  /** The position in `use` of the controller that it belongs to. Absent: the file has the statement itself. */
  readonly use?: number;
}

/** A controller of the catalogue whose permissions a role has. */
export interface UsedController {
  /** As the file names it. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, boolean | string | readonly string[]>>;
  readonly because?: string;
  /** ARNs that stand in `managedPolicies` for it alone. */
  readonly managedPolicies: readonly string[];
}

export interface Permissions {
  /** Complete ARNs, also for AWS's own policies that the file gives by name. Those of `use` come last. */
  readonly managedPolicies: readonly string[];
  /** Those of `use` come last. */
  readonly statements: readonly PermissionStatement[];
  /** Controllers of the catalogue. Absent: none. */
  readonly use?: readonly UsedController[];
  /** Complete inline policies by name. podlift replaces nothing in them. */
  readonly inlinePolicies: Readonly<Record<string, InlineDocument>>;
}

/** The role of a target. */
export interface TargetRoleSettings
  extends ResolvedRole, Partial<Pick<WorkloadRoleSettings, 'adopt' | 'description' | 'tags' | 'keepTrust'>> {}

export interface Target {
  readonly key: string;
  readonly account: Account;
  readonly via: 'workload' | 'association';
  readonly role: TargetRoleSettings;
  /** Absent: nothing. */
  readonly imports?: PolicyImports;
  readonly permissions: Permissions;
}

/** A service account whose pods get the role of a workload. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly manage: ManageServiceAccount;
  /** With `create`: the account exists and is imported. Default: false. */
  readonly adopt?: boolean;
  /** With `create`: keys of clusters where the account exists and the state does not have it. Absent: none. */
  readonly imports?: readonly string[];
  /** Keys of the workload's clusters that have it, in the order of the environment. */
  readonly clusters: readonly string[];
  /** Its position in `subjects`. Absent: the file has the short form, or `isExpanded`. */
  readonly index?: number;
  /** The first one that the file names: its resources have the addresses of the short form. Every other one has its name in its addresses. */
  readonly isFirst: boolean;
  /** Ids of associations (`a-…`) that the next apply imports, by cluster key. Absent: none. */
  readonly importIds?: Readonly<Record<string, string>>;
  /** `podlift expand` found it: a pattern of the workload admits it. Absent: the file names it as a subject. */
  readonly isExpanded?: true;
}

/** Service accounts by pattern: `*` and `?` as in IAM. */
export interface SubjectPattern {
  readonly namespaces: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** Keys of the workload's clusters that have them. */
  readonly clusters: readonly string[];
}

/** Tools that can own the associations of a workload. */
export const ASSOCIATION_OWNERS = ['ack', 'crossplane', 'cloudformation'] as const;
export type AssociationOwner = (typeof ASSOCIATION_OWNERS)[number];

/** The policy of a resource, such as a bucket. */
export interface ResourcePolicy {
  /** The name of its file, as findings show it. */
  readonly file: string;
  readonly document: PolicyDocument;
}

/** A workload as it is in one environment. */
export interface Workload {
  readonly key: string;
  readonly wave?: string;
  readonly stage: Stage;
  readonly because?: string;
  /** The stage that an adopted role had in AWS when the entry was written. */
  readonly found?: Stage;
  /** The service accounts that share its role, the first one of the file first. Empty where all are by pattern and none is expanded yet. */
  readonly subjects: readonly Subject[];
  /** Which further service accounts the role admits. Absent: none. */
  readonly patterns?: readonly SubjectPattern[];
  readonly sdk?: { readonly language: string; readonly version: string };
  readonly compute: Compute;
  readonly sessionTags: boolean;
  readonly role: WorkloadRoleSettings;
  /** The tool that owns its associations: podlift reads and judges them, and never writes them. Absent: podlift manages them. */
  readonly associationOwner?: AssociationOwner;
  readonly permissions: Permissions;
  readonly targets: readonly Target[];
  /** Policies of resources that the operator lists: they are read and judged, and never written. Absent: none. */
  readonly resourcePolicies?: readonly ResourcePolicy[];
  /** Keys of the environment's clusters that run it, in the environment's order. */
  readonly clusters: readonly string[];
}

/** Workspaces of HCP Terraform, Terraform Enterprise, or a server with the same API. */
interface Workspaces {
  readonly organization: string;
  /** Absent: `app.terraform.io`. */
  readonly hostname?: string;
  /** Stands before the name of the stack. */
  readonly prefix?: string;
}

/** The backend of the states of an environment, as written: exactly one, by its name in Terraform. */
export type StateSettings =
  | { readonly s3: { readonly bucket: string; readonly region: string; readonly prefix?: string } }
  | { readonly cloud: Workspaces & { readonly project?: string } }
  | { readonly remote: Workspaces }
  | {
      readonly http: {
        /** Each address has `{stack}`. */
        readonly address: string;
        readonly lockAddress?: string;
        readonly unlockAddress?: string;
        readonly updateMethod?: string;
        readonly lockMethod?: string;
        readonly unlockMethod?: string;
      };
    }
  | {
      readonly gcs: {
        readonly bucket: string;
        readonly prefix?: string;
        readonly kmsEncryptionKey?: string;
        readonly impersonateServiceAccount?: string;
      };
    }
  | {
      readonly azurerm: {
        readonly storageAccountName: string;
        readonly containerName: string;
        readonly prefix?: string;
        readonly resourceGroupName?: string;
        readonly subscriptionId?: string;
        readonly tenantId?: string;
        readonly clientId?: string;
        readonly environment?: 'public' | 'usgovernment' | 'china';
        readonly useAzureadAuth?: boolean;
        readonly useOidc?: boolean;
        readonly useMsi?: boolean;
        readonly snapshot?: boolean;
      };
    }
  | { readonly local: { /** Relative to the folder of the first file. */ readonly folder: string } };

/** The fields of `state.http` that are addresses. */
export const STATE_ADDRESSES = ['address', 'lockAddress', 'unlockAddress'] as const;

export interface Environment {
  readonly key: string;
  readonly account: Account;
  readonly region: string;
  readonly partition: Partition;
  /** Where its Terraform states are. Absent: local files in the folder where the stacks are written from. */
  readonly state?: StateSettings;
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Defaults for roles that are not adopted. Path and session duration are also for target roles. A boundary is for target roles only
   * if the target's account has it, or if it is a policy of AWS.
   */
  readonly role: RoleSettings;
  /** Quotas that AWS raised, by name (see src/blueprint/quotas.ts). */
  readonly quotas: Readonly<Record<string, number>>;
  /** Regions beside those of the clusters, for a region that its last cluster leaves. */
  readonly regions: readonly string[];
  readonly clusters: readonly Cluster[];
  readonly workloads: readonly Workload[];
  /** Released workloads: their resources stay as they are, and Terraform forgets them. Absent: none. */
  readonly released?: readonly Workload[];
}

export interface WaveStage {
  readonly stage: Stage;
  /** ISO 8601, as written. */
  readonly since?: string;
  /** The reason why the step was taken although its gate did not pass. */
  readonly because?: string;
  /** The checks that did not pass and were accepted for the step: `CHECK[:WORKLOAD[:CLUSTER]]`. Absent: none. */
  readonly accepted?: readonly string[];
}

export interface Wave {
  readonly key: string;
  readonly description?: string;
  readonly after?: string;
  /** `7d`, `36h`, as written. */
  readonly soak?: string;
  /** By environment; an environment without an entry is at `irsa`. */
  readonly stages: Readonly<Record<string, WaveStage>>;
}

export interface Inventory {
  /** The name of the inventory: a part of the place of its Terraform states. */
  readonly name?: string;
  /** The absolute folder of the first file; present where an environment has `state.local`, and the files are those of this machine. */
  readonly folder?: string;
  /** The folder of the evidence of steps, relative to the folder of the first file. Absent: steps write no evidence. */
  readonly evidence?: string;
  readonly accounts: readonly Account[];
  readonly waves: readonly Wave[];
  readonly environments: readonly Environment[];
}

// Policy documents that people and other tools wrote. All names are IAM's own, and podlift replaces nothing in them.

/** A statement of a trust policy. */
export type TrustStatement = Omit<Statement, 'Resource' | 'NotResource'>;

/** A statement of an adopted role's trust policy that podlift keeps as it is. */
export interface KeptStatement extends TrustStatement {
  /** The reason why the statement may admit others than the workload. AWS does not get it. */
  readonly because?: string;
}

/** A statement of an identity policy. */
export type InlineStatement = Omit<Statement, 'Principal' | 'NotPrincipal'>;

export interface InlineDocument extends PolicyDocument {
  readonly Statement: OneOrMany<InlineStatement>;
}

/** True when a stage is later than another. */
export function isPast(stage: Stage, other: Stage): boolean {
  return STAGES.indexOf(stage) > STAGES.indexOf(other);
}

/** The partition of a region. Source: https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Whether a workload's role existed before the workload was in the inventory: podlift adopts it, or never writes it. */
export function existedBefore({ role }: { readonly role: Pick<WorkloadRoleSettings, 'adopt' | 'manage'> }): boolean {
  return role.adopt || role.manage !== undefined;
}

/** The service accounts of a workload on a cluster. */
export function subjectsOn(
  { subjects }: Pick<Workload, 'subjects'>,
  { key }: Pick<Cluster, 'key'>,
): readonly Subject[] {
  return subjects.filter(({ clusters }) => clusters.includes(key));
}

/** `shop/orders-api`. */
export function subjectName({ namespace, name }: Pick<Subject, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** `argocd/argocd-server`, where a workload has several service accounts and its own name does not say which one is meant; else undefined. */
export function nameAmongSeveral(
  { subjects, patterns }: Pick<Workload, 'subjects' | 'patterns'>,
  subject: Pick<Subject, 'namespace' | 'name'>,
): string | undefined {
  return subjects.length > 1 || patterns !== undefined ? subjectName(subject) : undefined;
}

/** A pattern as people read it: namespaces, a slash, names. */
export function patternText({ namespaces, serviceAccounts }: SubjectPattern): string {
  return `${namespaces.join(',')}/${serviceAccounts.join(',')}`;
}

/** An association that the next apply imports: its id, and the field of the workload that has it. Undefined: none. */
export function associationImport(
  { role }: Pick<Workload, 'role'>,
  subject: Subject,
  cluster: Pick<Cluster, 'key'>,
): { readonly id: string; readonly field: readonly string[] } | undefined {
  const id = subject.importIds?.[cluster.key];
  if (id === undefined) return undefined;
  const field = ['role', 'imports', 'associations', cluster.key];
  return {
    id,
    field: typeof role.imports.associations[cluster.key] === 'string' ? field : [...field, subjectName(subject)],
  };
}

/**
 * What Terraform manages of a service account of a workload on a cluster: nothing without a context, or if an add-on owns the account.
 */
export function managedOn(
  { key }: Workload,
  { name, manage }: Subject,
  { kubernetes, addons }: Cluster,
): ManageServiceAccount {
  const isAddons = addons.some(({ serviceAccounts }) => serviceAccounts[name] === key);
  return kubernetes === undefined || isAddons ? 'none' : manage;
}
