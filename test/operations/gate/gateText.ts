import { remedyText } from '../../../src/cli/report';
import { placesOf } from '../../../src/estate/places';
import type { Ports } from '../../../src/estate/Ports';
import { readEstate } from '../../../src/estate/readEstate';
import type { Inventory } from '../../../src/inventory/Inventory';
import { type Evidence, gate, gateQuestions, type GateResult } from '../../../src/operations/gate/gate';
import type { StepRequest } from '../../../src/operations/gate/Step';

/** Evidence with its remedy as people read it. */
export type EvidenceText = Omit<Evidence, 'remedy'> & { readonly remedy?: string };

export interface GateText extends Omit<GateResult, 'evidence'> {
  readonly evidence: readonly EvidenceText[];
}

/** A gate's result with the remedies as people read them. */
export function gateText(result: GateResult): GateText {
  return {
    ...result,
    evidence: result.evidence.map(({ remedy, ...one }) => ({
      ...one,
      ...(remedy !== undefined && { remedy: remedyText(remedy) }),
    })),
  };
}

/** Reads what the gate must know from these ports, and judges it at a time (default: the Estate's). */
export async function collectEvidence(
  inventory: Inventory,
  request: StepRequest,
  ports: Ports,
  now?: Date,
): Promise<GateText> {
  const clock = now === undefined ? {} : { clock: () => now };
  const estate = await readEstate(gateQuestions(inventory, request), ports, placesOf(inventory), clock);
  return gateText(gate(inventory, request, now === undefined ? estate : { ...estate, at: now.toISOString() }));
}
