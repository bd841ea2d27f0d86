import type { Environment, Inventory, Stage, Wave, Workload } from '../../inventory/Inventory';
import type { Ports } from '../../estate/Ports';
import type { Evidence } from './Evidence';

/** One step of a wave in an environment; without a step that it could take, `to` is `from`. */
export interface Step {
  readonly inventory: Inventory;
  readonly environment: Environment;
  readonly wave: Wave;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  readonly to: Stage;
  /** Those of the wave that run in the environment. */
  readonly workloads: readonly Workload[];
}

/** Asks for the evidence of one condition. It never rejects: what cannot be found out is evidence that says so. */
export type Check = (step: Step, ports: Ports, now: Date) => Promise<readonly Evidence[]>;
