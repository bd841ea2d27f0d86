import type { Stage, WaveStage } from '../Inventory';
import type { WrittenWave } from '../schema/inventorySchema';

type WrittenStages = NonNullable<WrittenWave['stages']>;

/** A wave's stage in one environment, in the long form. */
export function waveStage(written: WrittenStages[string]): WaveStage {
  return typeof written === 'string' ? { stage: written } : written;
}

/**
 * Where a workload is in its migration: at its own stage, else at its wave's in the environment (`irsa` when the wave names none),
 * else, in no wave, at `pod-identity`.
 */
export function resolveStage(own: Stage | undefined, wave: WrittenWave | undefined, environment: string): Stage {
  if (own !== undefined) return own;
  if (wave === undefined) return 'pod-identity';
  const written = wave.stages?.[environment];
  return written === undefined ? 'irsa' : waveStage(written).stage;
}
