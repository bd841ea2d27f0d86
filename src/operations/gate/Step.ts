import {
  type Cluster,
  type Environment,
  type Inventory,
  type Stage,
  STAGES,
  type Subject,
  type Wave,
  type Workload,
} from '../../inventory/Inventory';
import type { Checked } from '../checks/Check';

/** Which step is meant. `environment` and `wave` are keys. */
export interface StepRequest {
  readonly environment: string;
  readonly wave: string;
  readonly direction: 'forward' | 'back';
  /** Also the check `admission`. Default: false. */
  readonly admission?: boolean;
}

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

/** What a check asks for, about a workload, a cluster, both or the wave. */
export interface Concern {
  readonly workload?: Workload;
  readonly cluster?: Cluster;
  /** One of several service accounts of the workload. */
  readonly serviceAccount?: Subject;
  /** The path of the inventory that answers where no question is asked. */
  readonly path: string;
  readonly checked: Checked;
}

/** A check of the gate alone. `now` is the time of the evidence. */
export type StepCheck = (step: Step, now: Date) => readonly Concern[];

/** The step of a wave from the stage that the inventory has; `to` is absent where there is none in that direction. */
export interface WaveStep {
  readonly step: Step;
  readonly to?: Stage;
}

/** Finds a wave's step. Throws when the inventory has no such wave or environment: ask `inventory.waves` before. */
export function stepOf(inventory: Inventory, request: StepRequest): WaveStep {
  const environment = inventory.environments.find(({ key }) => key === request.environment);
  const wave = inventory.waves.find(({ key }) => key === request.wave);
  if (environment === undefined || wave === undefined) {
    const [what, name, known] =
      wave === undefined
        ? (['wave', request.wave, inventory.waves] as const)
        : (['environment', request.environment, inventory.environments] as const);
    throw new Error(`The inventory has no ${what} "${name}". It has: ${known.map(({ key }) => key).join(', ')}.`);
  }
  const from = wave.stages[environment.key]?.stage ?? 'irsa';
  const to = STAGES[STAGES.indexOf(from) + (request.direction === 'forward' ? 1 : -1)];
  const step: Step = {
    inventory,
    environment,
    wave,
    direction: request.direction,
    from,
    to: to ?? from,
    workloads: environment.workloads.filter((workload) => workload.wave === wave.key),
  };
  return to === undefined ? { step } : { step, to };
}

/** The clusters that run any workload of the step. */
export function clustersOfStep({ environment, workloads }: Step): readonly Cluster[] {
  return environment.clusters.filter(({ key }) => workloads.some(({ clusters }) => clusters.includes(key)));
}
