import type { Stage } from '../../inventory/Inventory';
import type { Evidence } from '../evidence/Evidence';

/** Whether a wave may take its next step in an environment, and all that speaks for and against it. */
export interface GateResult {
  readonly wave: string;
  readonly environment: string;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  /** The stage that the step leads to; absent at the last stage (forward) and at the first (back): there is no step. */
  readonly to?: Stage;
  readonly evidence: readonly Evidence[];
  /** True when there is a step and every evidence says `yes`; `unknown` never holds. */
  readonly holds: boolean;
}
