import { collectEvidence } from '../../operations/gate/collectEvidence';
import { livePorts } from '../../estate/livePorts';
import type { StepWorld } from './takeStep';

/** The live systems that the inventory names, and the clock of this host. */
export const LIVE: StepWorld = {
  collect: (inventory, request, now) => collectEvidence(inventory, request, livePorts(), now),
  ports: livePorts,
  now: () => new Date(),
};
