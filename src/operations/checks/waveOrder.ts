import { type Stage, STAGES } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { run } from '../remedies';
import { type CheckResult, pass, problem } from './Check';

/** The position of a stage, from 0. */
const rank = (stage: Stage) => STAGES.indexOf(stage);

/**
 * Waves keep their order through the step: forward, the wave named in `after` is at least at the next stage; back, no wave that comes
 * after this one stays further.
 */
export const waveOrder: StepCheck = (step) => {
  const { environment, wave, workloads, direction } = step;
  const released = (environment.released ?? []).filter((one) => one.wave === wave.key);
  if (workloads.length === 0 && released.length > 0) {
    const checked = problem(
      `every workload of the wave is released in ${environment.key}: a step would check nothing`,
      'Apply the release, then delete the entries of these workloads.',
    );
    return [{ path: `workloads of ${wave.key}`, checked }];
  }
  return direction === 'forward' ? [{ path: `waves.${wave.key}.after`, checked: ahead(step) }] : behind(step);
};

function ahead(step: Step): CheckResult {
  const { wave, to } = step;
  const { after } = wave;
  if (after === undefined) return pass('the wave comes after no other wave');
  const stage = stageOf(step, after);
  const found = `${after} is at ${stage}`;
  if (rank(stage) >= rank(to)) return pass(found);
  const command = (name: string) => run`npx podlift ${name} ${after} --environment ${step.environment.key}`;
  return problem(`${found}, before ${to}`, [`Bring ${after} to ${to} first:`, command('gate'), command('advance')]);
}

function behind(step: Step): readonly Concern[] {
  const { inventory, wave, to, environment } = step;
  const followers = inventory.waves.filter(({ after }) => after === wave.key);
  if (followers.length === 0) return [{ path: `waves.*.after: ${wave.key}`, checked: pass('no wave comes after it') }];
  return followers.map(({ key }) => {
    const stage = stageOf(step, key);
    const checked =
      rank(stage) <= rank(to)
        ? pass(`${key} is at ${stage}`)
        : problem(`${key}, which comes after ${wave.key}, is at ${stage}, past ${to}`, [
            `Roll back ${key} to ${to} first:`,
            run`npx podlift rollback ${key} --environment ${environment.key}`,
          ]);
    return { path: `waves.${key}.stages.${environment.key}`, checked };
  });
}

function stageOf({ inventory, environment }: Step, wave: string): Stage {
  return inventory.waves.find(({ key }) => key === wave)?.stages[environment.key]?.stage ?? 'irsa';
}
