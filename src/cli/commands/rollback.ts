import type { StepWorld } from '../../operations/step/takeStep';
import { stepCommand, type StepOptions } from '../advance/stepCommand';

/** `podlift rollback <wave> --environment E`: one stage back; see `stepCommand`. */
export function rollback(wave: string, options: StepOptions, world?: StepWorld): Promise<number> {
  return stepCommand(wave, 'back', options, world);
}
