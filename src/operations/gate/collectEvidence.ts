import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { readEstate } from '../../estate/readEstate';
import type { Inventory } from '../../inventory/Inventory';
import { gate, gateQuestions, type GateResult } from './gate';
import type { StepRequest } from './Step';

/** Reads what the gate must know, and judges it. */
export async function collectEvidence(
  inventory: Inventory,
  request: StepRequest,
  ports: Ports,
  now?: Date,
): Promise<GateResult> {
  const clock = now === undefined ? {} : { clock: () => now };
  const estate = await readEstate(gateQuestions(inventory, request), ports, placesOf(inventory), clock);
  return gate(inventory, request, now === undefined ? estate : { ...estate, at: now.toISOString() });
}
