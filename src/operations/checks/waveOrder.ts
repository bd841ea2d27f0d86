import { type Stage, STAGES } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { run, say } from '../remedies';
import { type CheckResult, fail, pass } from './Check';

/** The position of a stage, from 0. */
const rank = (stage: Stage) => STAGES.indexOf(stage);

/**
 * Waves keep their order through the step: forward, the wave named in `after` is at least at the next stage; back, no wave that comes
 * after this one stays further.
 */
export const waveOrder: StepCheck = (step) => {
  const { environment, wave, workloads, direction } = step;
  const released = (environment.released ?? []).filter((one) => one.wave === wave.key);
  if (workloads.length === 0 && released.length > 0)
    return [
      {
        path: `workloads of ${wave.key}`,
        checked: [
          fail('problem', `every workload of the wave is released in ${environment.key}: a step would check nothing`, [
            say('Apply the release, then delete the entries of these workloads.'),
          ]),
        ],
      },
    ];
  return direction === 'forward' ? [{ path: `waves.${wave.key}.after`, checked: [ahead(step)] }] : behind(step);
};

function ahead(step: Step): CheckResult {
  const { wave, to } = step;
  if (wave.after === undefined) return pass('the wave comes after no other wave');
  const stage = stageOf(step, wave.after);
  const found = `${wave.after} is at ${stage}`;
  if (rank(stage) >= rank(to)) return pass(found);
  const environment = step.environment.key;
  return fail('problem', `${found}, before ${to}`, [
    say(`Bring ${wave.after} to ${to} first:`),
    ...['gate', 'advance'].map((command) =>
      run('npx', 'podlift', command, wave.after ?? '', '--environment', environment),
    ),
  ]);
}

function behind(step: Step): readonly Concern[] {
  const { inventory, wave, to, environment } = step;
  const followers = inventory.waves.filter(({ after }) => after === wave.key);
  if (followers.length === 0)
    return [{ path: `waves.*.after: ${wave.key}`, checked: [pass('no wave comes after it')] }];
  return followers.map(({ key }) => {
    const stage = stageOf(step, key);
    const result =
      rank(stage) <= rank(to)
        ? pass(`${key} is at ${stage}`)
        : fail('problem', `${key}, which comes after ${wave.key}, is at ${stage}, past ${to}`, [
            say(`Roll back ${key} to ${to} first:`),
            run('npx', 'podlift', 'rollback', key, '--environment', environment.key),
          ]);
    return { path: `waves.${key}.stages.${environment.key}`, checked: [result] };
  });
}

function stageOf({ inventory, environment }: Step, wave: string): Stage {
  return inventory.waves.find(({ key }) => key === wave)?.stages[environment.key]?.stage ?? 'irsa';
}
