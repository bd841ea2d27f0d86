import type { Unanswered } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import type { Plain } from '../../inventory/edit/entryLines';
import type { Stage } from '../../inventory/Inventory';

/** The ways in which pods get credentials of AWS. `node-role`: nothing else is set, so the SDK can use the role of the node. */
export const ACCESS_WAYS = ['irsa', 'pod-identity', 'both', 'variables', 'keys', 'node-role'] as const;
export type AccessWay = (typeof ACCESS_WAYS)[number];

/** Whom a trust policy allows besides one service account. `tight`: nobody. */
export type TrustKind = 'tight' | 'shared' | 'wildcard' | 'cross-account' | 'open' | 'unknown';

/** Why a service account cannot move yet, or what has to be done with care. */
export interface Blocker {
  readonly rule: string;
  /** The service account stays where it is until this is fixed. False: it can move, with care. */
  readonly stops: boolean;
  readonly message: string;
  readonly remedy: Remedy;
  /** Entries for the inventory, as YAML. */
  readonly snippet?: string;
  /** The section of the documentation. */
  readonly docs: string;
}

/** The role of a service account. */
export interface SurveyedRole {
  readonly arn: string;
  readonly trust: readonly TrustKind[];
  /** Who else can assume it, in the words of the proof. */
  readonly others: readonly string[];
  /** ISO 8601. Absent: not in the last 400 days, or the role could not be read. */
  readonly lastUsed?: string;
  /** The tool that owns it, by its tags. */
  readonly owner?: string;
  /** Roles that its sessions assume, as far as its inline policies and the association say: ARNs or patterns. */
  readonly targets: readonly string[];
}

/** An image of the pods that podlift knows. */
export interface SurveyedImage {
  readonly image: string;
  /** The name of the controller in the catalogue. */
  readonly known: string;
  /** The first version that supports Pod Identity. */
  readonly since?: string;
  readonly tooOld: boolean;
}

/** A service account with access to AWS. */
export interface SurveyedAccount {
  /** ARN of the cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** False: there is an association for it, and no such service account. */
  readonly exists: boolean;
  readonly access: AccessWay;
  /** Whether its pods get credentials in this way. `unknown`: a condition of the trust policy decides, or there was no answer. */
  readonly works: 'yes' | 'no' | 'unknown';
  readonly role?: SurveyedRole;
  /** Names of the variables that give credentials. Never their values. */
  readonly variables: readonly string[];
  /** How many of its pods run. */
  readonly pods: number;
  readonly owners: readonly { readonly kind: string; readonly name: string }[];
  readonly compute: readonly string[];
  readonly images: readonly SurveyedImage[];
  /** Controllers of the catalogue that it looks like, whose permissions `use` gives. */
  readonly use: readonly string[];
  /** Objects of known controllers that use the role through the service account. */
  readonly readers: readonly { readonly kind: string; readonly namespace?: string; readonly name: string }[];
  readonly blockers: readonly Blocker[];
  /** Its entry in the proposed inventory. */
  readonly workload?: string;
  readonly wave?: string;
  /** The stage at which it was found; absent without an entry. */
  readonly stage?: Stage;
}

/** A cluster of the survey. */
export interface SurveyedCluster {
  readonly arn: string;
  readonly account: string;
  /** The name of the account in its organisation. */
  readonly accountName?: string;
  readonly region: string;
  readonly name: string;
  readonly context?: string;
  /** Absent: it could not be read. */
  readonly facts?: {
    readonly version: string;
    readonly platform: string;
    readonly autoMode: boolean;
    /** The version of the agent's add-on. */
    readonly agent?: string;
    readonly issuer: string;
    /** IAM has an OIDC provider of the cluster. */
    readonly provider: boolean;
    /** Nodes by compute type. */
    readonly nodes: Readonly<Record<string, number>>;
    readonly serviceAccounts: number;
  };
  /** Service accounts by the way in which they have access, and `none`. */
  readonly counts: Readonly<Partial<Record<AccessWay | 'none', number>>>;
  /** What to know of the cluster, a sentence each. */
  readonly notes: readonly string[];
}

/** A proposed wave. */
export interface SurveyedWave {
  readonly key: string;
  readonly environment: string;
  /** From 1, in the environment. */
  readonly order: number;
  /** Why these workloads move together, and at this place. */
  readonly because: string;
  readonly workloads: readonly string[];
}

/** What could not be read. */
export interface Unread {
  readonly account?: string;
  readonly region?: string;
  /** ARN. */
  readonly cluster?: string;
  /** The context of kubectl. */
  readonly context?: string;
  readonly what: string;
  readonly message: string;
  readonly remedy: Remedy;
  readonly reason?: Unanswered;
}

/** What is left out on purpose. */
export interface Skipped {
  readonly account?: string;
  readonly context?: string;
  readonly reason: string;
}

/** What a survey found. */
export interface Survey {
  /** When AWS answered last, ISO 8601. */
  readonly at: string;
  readonly clusters: readonly SurveyedCluster[];
  readonly serviceAccounts: readonly SurveyedAccount[];
  readonly waves: readonly SurveyedWave[];
  /** The sections of the inventory that adopts all of it, ready for `podlift init --from`. */
  readonly inventory: Readonly<Record<string, Plain>>;
  readonly skipped: readonly Skipped[];
  readonly unread: readonly Unread[];
}
