import type { Inventory } from '../../inventory/Inventory';
import { askOnce } from '../../estate/askOnce';
import { CHECK_OF } from '../evidence/checks';
import type { Evidence } from '../evidence/Evidence';
import type { Ports } from '../../estate/Ports';
import type { GateResult } from './GateResult';
import { checksOf } from './gateTable';
import { stepOf, type StepRequest } from './stepOf';

/**
 * Collects the evidence for the next step of a wave in an environment, as the gate table asks for it. Workloads of the wave that
 * do not run in the environment have no part in it. Every question is asked once, a few at a time; nothing is changed anywhere.
 * `now` is the time of the evidence. Throws when the inventory has no such wave or environment.
 */
export async function collectEvidence(
  inventory: Inventory,
  request: StepRequest,
  ports: Ports,
  now: Date = new Date(),
): Promise<GateResult> {
  const { step, to } = stepOf(inventory, request);
  const result = { ...request, from: step.from };
  if (to === undefined) return { ...result, evidence: [], holds: false };
  const asked = askOnce(ports);
  const evidence = await Promise.all(
    checksOf(step.from, step.direction).map((check) => CHECK_OF[check](step, asked, now)),
  );
  const all = withoutApply(evidence.flat());
  return { ...result, to, evidence: all, holds: all.every(({ holds }) => holds === 'yes') };
}

/** Where an apply would cost running pods their role, no other check advises one: stacks are applied whole. */
function withoutApply(evidence: readonly Evidence[]): readonly Evidence[] {
  if (!evidence.some(({ blocksApply }) => blocksApply === true)) return evidence;
  return evidence.map((one) =>
    one.holds === 'no' && one.blocksApply !== true
      ? { ...one, remedy: 'Do not apply yet. Fix the failed check adoption, then run the gate again.' }
      : one,
  );
}
