import type { Stage } from '../../../src/inventory/Inventory';
import type { CheckName } from '../../../src/operations/evidence/CheckName';
import type { Holds } from '../../../src/operations/evidence/Evidence';
import type { Setting, World } from '../agreedWorld';

/** One thing that differs from the agreed world, and what the gate says of it. */
export interface GateCase {
  readonly title: string;
  readonly check: CheckName;
  readonly holds: Holds;
  readonly setting?: Setting;
  readonly change?: (world: World) => void;
  readonly found?: RegExp;
  readonly remedy?: RegExp;
  /** Default: the stage of the table. */
  readonly at?: Stage;
}
