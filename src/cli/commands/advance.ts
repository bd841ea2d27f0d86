import type { StepWorld } from '../../operations/step/takeStep';
import { stepCommand, type StepOptions } from '../advance/stepCommand';

/** `podlift advance <wave> --environment E`: one stage on; see `stepCommand`. */
export function advance(wave: string, options: StepOptions, world?: StepWorld): Promise<number> {
  return stepCommand(wave, 'forward', options, world);
}
