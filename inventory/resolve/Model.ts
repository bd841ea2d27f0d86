import type { Segments } from '../Issue';
import type { Cluster, Environment, Inventory, Permissions, PermissionStatement, Target, Workload } from '../Inventory';
import type { WrittenInventory } from '../schema/inventorySchema';

/** Keys that the files define, also those of entries that could not be read: a reference to one of these is no unknown name. */
export interface Defined {
  readonly accounts: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  readonly waves: ReadonlySet<string>;
  /** Cluster keys by environment. */
  readonly clusters: ReadonlyMap<string, ReadonlySet<string>>;
  /** Value keys by environment. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A workload in one environment, with the way back to where its fields stand. */
export interface Placed {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly clusters: readonly Cluster[];
  /** Where a field stands: in the workload's overrides for the environment, or in the workload itself. */
  readonly at: (...field: Segments) => Segments;
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
  readonly placed: readonly Placed[];
  readonly holders: readonly Holder[];
  readonly statements: readonly HeldStatement[];
  readonly unknownNames: readonly UnknownName[];
}
