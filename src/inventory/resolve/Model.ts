import type { Segments } from '../Issue';
import type { Cluster, Environment, Inventory, Permissions, PermissionStatement, Target, Workload } from '../Inventory';
import type { WrittenInventory } from '../schema/inventorySchema';

/** Keys that the files define, also those of entries that could not be read: a reference to one of these is no unknown name. */
export interface Defined {
  readonly accounts: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  readonly waves: ReadonlySet<string>;
  readonly workloads: ReadonlySet<string>;
  /** Workloads that write a wave or a stage somewhere, also one that is mistyped or could not be read. */
  readonly staged: ReadonlySet<string>;
  /** Cluster keys by environment. */
  readonly clusters: ReadonlyMap<string, ReadonlySet<string>>;
  /** Value keys by environment. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sections that are there and are no maps: what they define is not known. */
  readonly unreadable: ReadonlySet<string>;
}

/** A workload in one environment, with the way back to where its fields stand. */
export interface Placed {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly clusters: readonly Cluster[];
  /** Where a field stands: in the workload's overrides for the environment, or in the workload itself. */
  readonly at: (...field: Segments) => Segments;
  /** False when it is known of no environment that the workload is there: it is looked at for its permissions alone. */
  readonly isReal: boolean;
  /** False when it has neither wave nor stage, or its wave is not known; `workload.stage` is `irsa` then. */
  readonly isStageKnown: boolean;
}

/** A role that has permissions: a workload's own, or that of one of its targets. */
export interface Holder {
  readonly placed: Placed;
  readonly target?: Target;
  readonly permissions: Permissions;
  /** The field of the workload that holds them. */
  readonly field: Segments;
  readonly accountId: string;
}

/** A statement with the role that has it. */
export interface HeldStatement {
  readonly holder: Holder;
  readonly statement: PermissionStatement;
  /** Where it stands, or one of its fields. */
  readonly at: (...field: Segments) => Segments;
}

/** A `{name}` that nothing is known by in an environment. */
export interface UnknownName {
  readonly name: string;
  readonly environment: string;
  readonly known: readonly string[];
  readonly path: Segments;
}

/** What rules look at. */
export interface Model {
  readonly written: Required<Pick<WrittenInventory, 'accounts' | 'environments' | 'waves' | 'workloads'>>;
  readonly defined: Defined;
  /** What could be resolved. */
  readonly inventory: Inventory;
  /** The workloads of environments that could be resolved. */
  readonly placed: readonly Placed[];
  /** Those of `placed` whose stage is known. */
  readonly staged: readonly Placed[];
  /** Of all workloads; `placed.isReal` tells those that are in no environment. */
  readonly holders: readonly Holder[];
  readonly statements: readonly HeldStatement[];
  readonly unknownNames: readonly UnknownName[];
  /** Ids of accounts that stand in for one that is not known: nothing is to be said of them. */
  readonly standIns: ReadonlySet<string>;
}
