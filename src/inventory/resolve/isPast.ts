import { STAGES, type Stage } from '../Inventory';

/** True when a stage is later than another. */
export function isPast(stage: Stage, other: Stage): boolean {
  return STAGES.indexOf(stage) > STAGES.indexOf(other);
}
