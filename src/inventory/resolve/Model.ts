import type { Segments } from '../Finding';
import type { Cluster, Environment, Inventory, Permissions, PermissionStatement, Target, Workload } from '../Inventory';
import type { WrittenInventory } from '../schema/inventorySchema';
import type { ExpandedAccount } from './resolveExpanded';
import type { PolicyFile } from '../source/parsePolicy';
import type { Section } from '../source/Source';

/** Keys that the files define, also of entries that could not be read: a reference to such a key is not an unknown name. */
export interface Defined extends Readonly<Record<Section, ReadonlySet<string>>> {
  /** Workloads that write a wave or a stage, also a mistyped or unreadable one. */
  readonly staged: ReadonlySet<string>;
  /** Cluster keys by environment. */
  readonly clusters: ReadonlyMap<string, ReadonlySet<string>>;
  /** Value keys by environment. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sections that are present but are not maps: their keys are unknown. */
  readonly unreadable: ReadonlySet<Section>;
}

/** A workload in one environment, with the paths of its fields. */
export interface PlacedWorkload {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly clusters: readonly Cluster[];
  /** The path of a field: in the workload's overrides for the environment, or in the workload itself. */
  readonly at: (...field: Segments) => Segments;
  /** False for a workload without wave and stage, or with an unknown wave; `workload.stage` is `irsa` then. */
  readonly isStageKnown: boolean;
  /** What `expanded` has for the workload here. Absent: nothing. */
  readonly expanded?: readonly ExpandedAccount[];
  /** The files of `resourcePolicies` that could be read. Absent: none. */
  readonly policies?: readonly ListedPolicy[];
}

/** A policy file and the place in the list that names it. */
export interface ListedPolicy extends PolicyFile {
  readonly index: number;
}

/** A role that has permissions: the role of a workload or of one of its targets. */
export interface Holder {
  readonly placed: PlacedWorkload;
  /** False for a stand-in environment: only the permissions can be checked. */
  readonly isReal: boolean;
  readonly target?: Target;
  readonly permissions: Permissions;
  /** The field of the workload that has them. */
  readonly field: Segments;
  readonly accountId: string;
}

/** A statement and the role that has it. */
export interface HeldStatement {
  readonly holder: Holder;
  readonly statement: PermissionStatement;
  /** The path of the statement or of one of its fields. */
  readonly at: (...field: Segments) => Segments;
}

/** A `{name}` that is unknown in an environment. */
export interface UnknownName {
  readonly name: string;
  readonly environment: string;
  readonly known: readonly string[];
  readonly path: Segments;
}

/** A condition key that an operator already has: equal after names are replaced, without regard to case. */
export interface RepeatedKey {
  /** As written. */
  readonly key: string;
  /** With names replaced. */
  readonly name: string;
  /** The earlier key, as written. */
  readonly first: string;
  readonly operator: string;
  readonly environment: string;
  readonly path: Segments;
}

/** The input of rules. */
export interface Model {
  readonly written: Required<Pick<WrittenInventory, Section>>;
  readonly defined: Defined;
  /** Everything that could be resolved. */
  readonly inventory: Inventory;
  /** The workloads of environments that could be resolved. */
  readonly placed: readonly PlacedWorkload[];
  /** Those of `placed` with a known stage. */
  readonly staged: readonly PlacedWorkload[];
  /** The roles of all workloads, also of those without an environment. */
  readonly holders: readonly Holder[];
  readonly statements: readonly HeldStatement[];
  readonly unknownNames: readonly UnknownName[];
  readonly repeatedKeys: readonly RepeatedKey[];
  /** Ids of accounts that replace unknown ones: rules skip them. */
  readonly standIns: ReadonlySet<string>;
}
