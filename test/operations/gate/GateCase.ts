import type { Stage } from '../../../src/inventory/Inventory';
import type { GateCheckName } from '../../../src/operations/checks/checkTable';
import type { Holds } from '../../../src/operations/gate/gate';
import type { Setting, World } from '../agreedWorld';

/** One thing that differs from the agreed world, and what the gate says of it. */
export interface GateCase {
  readonly title: string;
  readonly check: GateCheckName;
  readonly holds: Holds;
  readonly setting?: Setting;
  readonly change?: (world: World) => void;
  readonly found?: RegExp;
  readonly remedy?: RegExp;
  /** Default: the stage of the table. */
  readonly at?: Stage;
}
