import { type Inventory, type Stage, STAGES } from '../../inventory/Inventory';
import type { Step } from '../evidence/Check';

/** Which step is meant. `environment` and `wave` are keys. */
export interface StepRequest {
  readonly environment: string;
  readonly wave: string;
  readonly direction: 'forward' | 'back';
}

/** The step of a wave from the stage that the inventory has; `to` is absent where there is none that way. */
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
