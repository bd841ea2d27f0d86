import type { Stage } from '../../../src/inventory/Inventory';
import type { Difference } from '../../../src/operations/drift/Difference';
import type { Setting, World } from '../agreedWorld';

/** One thing that is not as the inventory says, and what drift says of it. */
export interface DriftCase {
  readonly title: string;
  readonly stage?: Stage;
  readonly setting?: Setting;
  readonly change: (world: World) => void;
  readonly kind: Difference['kind'];
  readonly where: RegExp;
  readonly expected: RegExp;
  readonly found: RegExp;
  readonly effect?: RegExp;
  readonly remedy: RegExp;
}
