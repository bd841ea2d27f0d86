import { LIVE } from '../advance/liveWorld';
import { type StepOptions, type StepWorld, takeStep } from '../advance/takeStep';

/** `podlift advance <wave> --environment E`: one stage on; see `takeStep`. */
export function advance(wave: string, options: StepOptions, world: StepWorld = LIVE): Promise<number> {
  return takeStep(wave, 'forward', options, world);
}
