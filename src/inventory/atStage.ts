import type { Inventory, Stage } from './Inventory';

/** An inventory with a wave at another stage in an environment: what its next step makes of it. Keys; unknown ones change nothing. */
export function atStage(inventory: Inventory, wave: string, environment: string, stage: Stage): Inventory {
  return {
    ...inventory,
    waves: inventory.waves.map((one) =>
      one.key === wave
        ? { ...one, stages: { ...one.stages, [environment]: { ...one.stages[environment], stage } } }
        : one,
    ),
    environments: inventory.environments.map((one) =>
      one.key === environment
        ? {
            ...one,
            workloads: one.workloads.map((workload) => (workload.wave === wave ? { ...workload, stage } : workload)),
          }
        : one,
    ),
  };
}
