import { LIVE } from '../advance/liveWorld';
import { type StepOptions, type StepWorld, takeStep } from '../advance/takeStep';

/** `podlift rollback <wave> --environment E`: one stage back; see `takeStep`. */
export function rollback(wave: string, options: StepOptions, world: StepWorld = LIVE): Promise<number> {
  return takeStep(wave, 'back', options, world);
}
