import type { Stage } from '../../../../src/inventory/Inventory';
import type { GateCheckName } from '../../../../src/operations/checks/checkTable';
import type { EvidenceText as Evidence } from '../gateText';
import type { Setting } from '../../agreedWorld';
import type { Ground, Live } from './liveWorld';

/** One thing that is not as it should be, in the sandbox or in what the inventory claims of it, and how it is mended. */
export interface Situation {
  readonly title: string;
  /** `npm test` has this row too; `npm run test:long` has all rows. */
  readonly short?: true;
  /** The check that says no. */
  readonly check: GateCheckName;
  /** What it says. Default: `no`. */
  readonly holds?: 'no' | 'unknown';
  /** What else speaks against the step then: check and verdict. */
  readonly also?: readonly string[];
  readonly direction?: 'forward' | 'back';
  /** Default: the stage of the table. */
  readonly at?: Stage;
  /** Of the inventory that is applied and asked about. */
  readonly setting?: Setting;
  readonly ground?: Ground;
  /** The stage at which the running pods were made, or `none`. Default: the situation's. */
  readonly podsFrom?: Stage | 'none';
  /** What happens to the sandbox. */
  readonly change?: (live: Live) => Promise<unknown>;
  /** What the inventory that is asked about says besides. */
  readonly claim?: Setting;
  readonly found: RegExp;
  readonly remedy: RegExp;
  /** Default: the inventory is applied. Gives what the inventory says after it, where that is something new. */
  readonly mend?: (live: Live, evidence: readonly Evidence[]) => Promise<Setting | undefined>;
  readonly mendedGround?: Ground;
  readonly mendedClaim?: Setting;
}
