// The inventory after loading: references resolved, overrides merged, names replaced.

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
  /** `https://…` without a trailing slash, as the cluster states it. */
  readonly issuer: string;
  readonly provider: 'existing' | 'managed';
  /** The managed provider exists: it is imported, and never destroyed. */
  readonly adopt: boolean;
}

/** An EKS add-on whose service accounts have roles of podlift's. */
export interface Addon {
  /** `aws-ebs-csi-driver`. */
  readonly name: string;
  /** `vX.Y.Z-eksbuild.N`. */
  readonly version: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The workload's key by the name of the add-on's service account. */
  readonly serviceAccounts: Readonly<Record<string, string>>;
  /** It exists: it is imported, and never destroyed. */
  readonly adopt: boolean;
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
    /** It exists: it is imported, stays at every stage, and is never destroyed. */
    readonly adopt: boolean;
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
}

/**
 * Statements of an adopted role's trust policy that do the work of podlift's own, as they were found. They stand in place of those
 * at the stages that have them, so that taking a role over changes nothing.
 */
export interface AdoptedTrust {
  /** In place of podlift's statement for each OIDC provider that they name. */
  readonly oidc?: readonly KeptStatement[];
  /** In place of podlift's statement for `pods.eks.amazonaws.com`. */
  readonly podIdentity?: readonly KeptStatement[];
  /** Why they may let in more than the workload; without it the proof refuses those that do. */
  readonly because?: string;
}

/** What was found with an adopted role and is imported with it. Once the first apply has imported it, nothing needs it any more. */
export interface RoleImports {
  /** ARNs of attached policies. */
  readonly managedPolicies: readonly string[];
  /** Names of inline policies. */
  readonly inlinePolicies: readonly string[];
  /** Association ids (`a-…`) by cluster key. */
  readonly associations: Readonly<Record<string, string>>;
}

/** A workload's own role. */
export interface WorkloadRoleSettings extends ResolvedRole {
  readonly adopt: boolean;
  readonly description?: string;
  /** Tags of others, which stay beside podlift's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly adoptedTrust?: AdoptedTrust;
  readonly imports: RoleImports;
  /** Stand in the trust policy beside podlift's own statements, at every stage. */
  readonly keepTrust?: readonly KeptStatement[];
}

export interface PermissionStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly effect?: 'Allow' | 'Deny';
  readonly sid?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly because?: string;
}

export interface Permissions {
  /** Whole ARNs: a bare name of AWS's own policies has been completed. */
  readonly managedPolicies: readonly string[];
  readonly statements: readonly PermissionStatement[];
  /** Whole inline policies by name, as they are: nothing in them is replaced. */
  readonly inlinePolicies: Readonly<Record<string, InlineDocument>>;
}

export interface Target {
  readonly key: string;
  readonly account: Account;
  readonly via: 'workload' | 'association';
  readonly role: ResolvedRole;
  readonly permissions: Permissions;
}

export interface ServiceAccountSettings {
  readonly name: string;
  readonly manage: ManageServiceAccount;
  /** With `create`: the account exists and is imported. Default: false. */
  readonly adopt?: boolean;
}

/** A workload as it is in one environment. */
export interface Workload {
  readonly key: string;
  readonly wave?: string;
  readonly stage: Stage;
  readonly because?: string;
  /** The stage at which an adopted role stood in AWS when the entry was written. */
  readonly found?: Stage;
  readonly namespace: string;
  readonly serviceAccount: ServiceAccountSettings;
  readonly sdk?: { readonly language: string; readonly version: string };
  readonly compute: Compute;
  readonly sessionTags: boolean;
  readonly role: WorkloadRoleSettings;
  readonly permissions: Permissions;
  readonly targets: readonly Target[];
  /** Keys of the environment's clusters that run it, in the environment's order. */
  readonly clusters: readonly string[];
}

export interface Environment {
  readonly key: string;
  readonly account: Account;
  readonly region: string;
  readonly partition: Partition;
  readonly state?: { readonly s3: { readonly bucket: string; readonly region: string; readonly prefix?: string } };
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Defaults for roles that are not adopted: path and session duration also for target roles, the boundary only where it can be used (in its own
   * account, or a policy of AWS's).
   */
  readonly role: RoleSettings;
  /** Quotas that were raised, by name (see blueprint/quotas). */
  readonly quotas: Readonly<Record<string, number>>;
  readonly clusters: readonly Cluster[];
  readonly workloads: readonly Workload[];
  /** Workloads that are let go: their resources stay as they are, and Terraform forgets them. Absent: none. */
  readonly released?: readonly Workload[];
}

export interface WaveStage {
  readonly stage: Stage;
  /** ISO 8601, as written. */
  readonly since?: string;
  /** Why the step was taken without its evidence. */
  readonly because?: string;
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
  readonly accounts: readonly Account[];
  readonly waves: readonly Wave[];
  readonly environments: readonly Environment[];
}

// Policy documents that people and other tools wrote. All names are IAM's own, and podlift replaces nothing in them.

type OneOrMany<T> = T | readonly T[];

interface WrittenStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany<string> | number | boolean>>>>;
}

type WrittenPrincipal = '*' | Readonly<Partial<Record<'AWS' | 'Service' | 'Federated', OneOrMany<string>>>>;

/** A statement of an adopted role's trust policy that podlift keeps as it is. */
export interface KeptStatement extends WrittenStatement {
  readonly Principal?: WrittenPrincipal;
  readonly NotPrincipal?: WrittenPrincipal;
}

/** A statement of an identity policy. */
export interface InlineStatement extends WrittenStatement {
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
}

export interface InlineDocument {
  readonly Version?: '2012-10-17' | '2008-10-17';
  readonly Id?: string;
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

/** What Terraform has of a workload's service account on a cluster: nothing without a context, or where an add-on owns the account. */
export function managedOn({ key, serviceAccount }: Workload, { kubernetes, addons }: Cluster): ManageServiceAccount {
  const isAddons = addons.some(({ serviceAccounts }) => Object.values(serviceAccounts).includes(key));
  return kubernetes === undefined || isAddons ? 'none' : serviceAccount.manage;
}
