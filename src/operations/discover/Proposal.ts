import { type NewEntry, withEntries } from '../../inventory/edit/editFile';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import type { Workload } from '../../inventory/Inventory';
import type { WrittenWorkload } from '../../inventory/schema/inventorySchema';
import type { OtherOwner } from '../../comparison/otherOwner';
import type { Remedy } from '../../estate/Remedy';
import type { LeftOut } from './LeftOut';

type Written<T> = T extends object ? { readonly [K in keyof T]: Written<T[K]> } : T;

/** A workload's entry as it is to be written. */
export type WorkloadEntry = Written<WrittenWorkload>;

/** A service account of a cluster, by the key of the cluster. */
export interface ProposedAccount {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** A workload that can be adopted. */
export interface ProposedWorkload {
  readonly key: string;
  readonly entry: WorkloadEntry;
  /** The service accounts that use the role now, on all clusters. */
  readonly accounts: readonly ProposedAccount[];
  /** ARN of the role in AWS. */
  readonly roleArn: string;
  /** What an operator should know before the next step, a sentence each. */
  readonly notes: readonly string[];
  /** Who else can assume the role. */
  readonly weak?: string;
  /** The tools that own what the entry adopts; absent where no tag names one. */
  readonly owners?: readonly ProposedOwner[];
}

/** A tool that owns a resource which an entry adopts. */
export interface ProposedOwner extends OtherOwner {
  /** The ARN of the role, or the id of the association. */
  readonly of: string;
  /** How the tool lets go of it, in a safe order. */
  readonly handOver: Remedy;
}

/** A change of a workload's entry that the inventory has: further service accounts or clusters use its role. */
export interface ProposedEdit {
  /** The key of the workload. */
  readonly workload: string;
  /** ARN of the role in AWS. */
  readonly roleArn: string;
  /** The service accounts that the entry gets. */
  readonly accounts: readonly ProposedAccount[];
  /** Keys of the clusters that it gets. */
  readonly clusters: readonly string[];
  /** All its service accounts then, with their clusters. */
  readonly subjects: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly clusters: readonly string[];
  }[];
  /** What `role.imports.associations` gets, by cluster. */
  readonly associations: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Statements of `role` that change; none in a list: the field goes. */
  readonly trust: Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>;
  /** What an operator should know, a sentence each. */
  readonly notes: readonly string[];
}

export interface ProposedEntry {
  readonly key: string;
  readonly entry: Readonly<Record<string, Plain | undefined>>;
}

/** Why nothing can be proposed for the cluster. */
export interface Blocked {
  readonly rule: 'unanswered' | 'no-cluster' | 'other-cluster' | 'cluster-differs';
  readonly message: string;
  readonly remedy: Remedy;
}

/** What to change by hand before the next plan. */
export interface FirstStep {
  readonly message: string;
  readonly remedy: Remedy;
  /** Lines of the inventory, as YAML. */
  readonly snippet: string;
}

/** What discover would write, and what it would not. */
export interface Proposal {
  /** The keys of the environment and of the cluster. */
  readonly environment: string;
  readonly clusterKey: string;
  /** Present when the inventory does not have the cluster yet. */
  readonly cluster?: ProposedEntry;
  readonly first: readonly FirstStep[];
  readonly waves: readonly ProposedEntry[];
  readonly workloads: readonly ProposedWorkload[];
  /** Changes of entries that the inventory has. */
  readonly edits: readonly ProposedEdit[];
  readonly left: readonly LeftOut[];
  /** About the cluster, a sentence each. */
  readonly notes: readonly string[];
  readonly blocked?: Blocked;
}

/** The entries of a proposal, each with the map that it goes into. */
export function entriesOf({
  environment,
  cluster,
  waves,
  workloads,
}: Pick<Proposal, 'environment' | 'cluster' | 'waves' | 'workloads'>): readonly NewEntry[] {
  const into = ['environments', environment, 'clusters'];
  return [
    ...(cluster === undefined ? [] : [{ into, key: cluster.key, value: cluster.entry }]),
    ...waves.map(({ key, entry }) => ({ into: ['waves'], key, value: entry })),
    ...workloads.map(({ key, entry }) => ({ into: ['workloads'], key, value: entry })),
  ];
}

/** Entries as YAML, ready to be pasted into an inventory; empty where there are none. */
export function entriesText(entries: readonly NewEntry[]): string {
  return sectionsText(withEntries({}, entries) as Readonly<Record<string, Plain>>);
}
