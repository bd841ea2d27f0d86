import type { KeptStatement, Stage } from '../../inventory/Inventory';
import type { Plain } from '../../inventory/edit/entryLines';
import type { LeftReason } from './leftReasons';

/** A workload's entry as it is to be written. */
export interface WorkloadEntry {
  readonly wave?: string;
  readonly stage?: Stage;
  /** Past `irsa`: the stage at which it stands in AWS. */
  readonly found?: Stage;
  readonly because?: string;
  readonly namespace: string;
  readonly serviceAccount: { readonly name: string; readonly manage: 'none' };
  readonly sdk?: { readonly language: string; readonly version: string };
  readonly compute?: string;
  readonly sessionTags?: false;
  readonly environments: readonly string[];
  readonly clusters: readonly string[];
  readonly role?: RoleEntry;
  readonly permissions?: PermissionsEntry;
  readonly targets?: Readonly<Record<string, Plain>>;
}

export interface RoleEntry {
  readonly name: string;
  readonly path?: string;
  readonly adopt: true;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly permissionsBoundary?: string;
  readonly maxSessionDuration?: number;
  readonly keepTrust?: readonly KeptStatement[];
  readonly adoptedTrust?: {
    readonly because?: string;
    readonly oidc?: readonly KeptStatement[];
    readonly podIdentity?: readonly KeptStatement[];
  };
  readonly imports?: {
    readonly managedPolicies?: readonly string[];
    readonly inlinePolicies?: readonly string[];
    readonly associations?: Readonly<Record<string, string>>;
  };
}

export interface PermissionsEntry {
  readonly managedPolicies?: readonly string[];
  /** Documents by name. */
  readonly inlinePolicies?: Readonly<Record<string, Plain>>;
}

/** A workload that can be taken over. */
export interface ProposedWorkload {
  readonly key: string;
  readonly entry: WorkloadEntry;
  /** ARN of the role as it stands. */
  readonly roleArn: string;
  /** What an operator should know before the next step, a sentence each. */
  readonly notes: readonly string[];
  /** Whom else its trust lets in, as it was found. */
  readonly weak?: string;
}

/** A service account that is not proposed. */
export interface LeftOut {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly reason: LeftReason;
  readonly message: string;
  /** What to do, in order, a step a line; commands can be pasted. */
  readonly hint: string;
  /** Entries for the inventory, as YAML, that go with the hint. */
  readonly snippet?: string;
  /** The inventory's entry and the service account agree: there is nothing to do. */
  readonly agrees?: true;
}

export interface ProposedEntry {
  readonly key: string;
  readonly entry: Readonly<Record<string, Plain | undefined>>;
}

/** Why nothing at all can be proposed. */
export interface Blocked {
  readonly rule: 'unanswered' | 'no-cluster' | 'other-cluster' | 'cluster-differs';
  readonly message: string;
  readonly hint: string;
}

/** What has to be changed by hand before the next plan. */
export interface FirstStep {
  readonly message: string;
  readonly hint: string;
  /** Lines of the inventory, as YAML. */
  readonly snippet: string;
}

/** What discover would write, and what it would not. */
export interface Proposal {
  readonly environment: string;
  /** Its key. */
  readonly clusterKey: string;
  /** Present when the inventory does not have the cluster yet. */
  readonly cluster?: ProposedEntry;
  /** Of the cluster's entry, before anything else; empty where nothing is in the way. */
  readonly first: readonly FirstStep[];
  readonly waves: readonly ProposedEntry[];
  readonly workloads: readonly ProposedWorkload[];
  readonly left: readonly LeftOut[];
  /** About the cluster, a sentence each. */
  readonly notes: readonly string[];
  readonly blocked?: Blocked;
}
