import { type Stage, STAGES } from '../../inventory/Inventory';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { evidenceOf, type Verdict } from './evidenceOf';
import { INVENTORY } from './places';

/** The position of a stage, from 0. */
const rank = (stage: Stage) => STAGES.indexOf(stage);

/**
 * Waves keep their order through the step: forward, the wave named in `after` is at least at the next stage; back, no wave that comes
 * after this one stays further.
 */
export const waveOrder: Check = (step, _ports, now) => {
  const evidence = (asked: string, verdict: Verdict): Evidence =>
    evidenceOf(step, now, { check: 'wave-order', asked, of: INVENTORY }, verdict);
  const released = (step.environment.released ?? []).filter(({ wave }) => wave === step.wave.key);
  if (step.workloads.length === 0 && released.length > 0)
    return Promise.resolve([
      evidence(`workloads of ${step.wave.key}`, {
        found: `every workload of the wave is released in ${step.environment.key}: a step would check nothing`,
        holds: 'no',
        remedy: 'Apply the release, then delete the entries of these workloads.',
      }),
    ]);
  return Promise.resolve(
    step.direction === 'forward' ? [evidence(`waves.${step.wave.key}.after`, ahead(step))] : behind(step, evidence),
  );
};

function ahead(step: Step): Verdict {
  const { wave, to } = step;
  if (wave.after === undefined) return { found: 'comes after no other wave', holds: 'yes' };
  const stage = stageOf(step, wave.after);
  const found = `${wave.after} is at ${stage}`;
  if (rank(stage) >= rank(to)) return { found, holds: 'yes' };
  const environment = step.environment.key;
  return {
    found: `${found}, before ${to}`,
    holds: 'no',
    remedy: `Bring ${wave.after} to ${to} first:\nnpx podlift gate ${wave.after} --environment ${environment}\nnpx podlift advance ${wave.after} --environment ${environment}`,
  };
}

function behind(step: Step, evidence: (asked: string, verdict: Verdict) => Evidence): Evidence[] {
  const { inventory, wave, to, environment } = step;
  const followers = inventory.waves.filter(({ after }) => after === wave.key);
  if (followers.length === 0)
    return [evidence(`waves.*.after: ${wave.key}`, { found: 'no wave comes after it', holds: 'yes' })];
  return followers.map(({ key }) => {
    const stage = stageOf(step, key);
    const asked = `waves.${key}.stages.${environment.key}`;
    if (rank(stage) <= rank(to)) return evidence(asked, { found: `${key} is at ${stage}`, holds: 'yes' });
    return evidence(asked, {
      found: `${key}, which comes after ${wave.key}, is at ${stage}, past ${to}`,
      holds: 'no',
      remedy: `Take ${key} back to ${to} first:\nnpx podlift rollback ${key} --environment ${environment.key}`,
    });
  });
}

function stageOf({ inventory, environment }: Step, wave: string): Stage {
  return inventory.waves.find(({ key }) => key === wave)?.stages[environment.key]?.stage ?? 'irsa';
}
