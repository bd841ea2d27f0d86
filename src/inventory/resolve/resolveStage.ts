import type { Stage, WaveStage } from '../Inventory';
import type { WrittenWave } from '../schema/inventorySchema';

type WrittenStages = NonNullable<WrittenWave['stages']>;

/** A wave's stage in one environment, in the long form. */
export function waveStage(written: WrittenStages[string]): WaveStage {
  return typeof written === 'string' ? { stage: written } : written;
}

/**
 * The stage of a workload: its own, else the stage of its wave in the environment (`irsa` where the wave names none). Undefined where it
 * has neither: a rule says so, since each guess can cost running pods their role.
 */
export function resolveStage(
  own: Stage | undefined,
  wave: WrittenWave | undefined,
  environment: string,
): Stage | undefined {
  if (own !== undefined) return own;
  if (wave === undefined) return undefined;
  const written = wave.stages?.[environment];
  return written === undefined ? 'irsa' : waveStage(written).stage;
}
