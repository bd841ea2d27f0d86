import type { Workload } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { run } from '../remedies';
import { formatTimeSpan, parseTimeSpan } from '../timeSpan';
import { type Checked, type CheckResult, fail, pass, problem } from './Check';

/** The wave has been at its stage for at least its `soak`; a wave without one asks for no time, but for `since` all the same. */
export const soak: StepCheck = (step, now) => [{ path: `waves.${step.wave.key}.soak`, checked: judge(step, now) }];

function judge(step: Step, now: Date): CheckResult {
  const since = stageSince(step, now);
  if (!since.known) return since.result;
  const { wave, environment, from } = step;
  const lasted = `at ${from} for ${formatTimeSpan(since.milliseconds)}`;
  if (wave.soak === undefined) return pass(`${lasted}; the wave has no soak`);
  const asked = parseTimeSpan(wave.soak);
  if (asked === undefined)
    return fail(
      'unknown',
      `${wave.soak} is not a duration`,
      `Write the soak of wave ${wave.key} as a duration, such as 7d.`,
    );
  if (since.milliseconds >= asked) return pass(`${lasted}, the soak is ${wave.soak}`);
  const until = new Date(since.since.getTime() + asked).toISOString();
  return problem(`${lasted}, the soak is ${wave.soak}: ${formatTimeSpan(asked - since.milliseconds)} remaining`, [
    `Run the gate again after ${until}:`,
    run`npx podlift gate ${wave.key} --environment ${environment.key}`,
  ]);
}

/** When a wave came to its stage, and for how long it has been there. */
type StageSince =
  | { readonly known: true; readonly since: Date; readonly milliseconds: number }
  | { readonly known: false; readonly result: CheckResult };

/** Reads `since` of the wave in the environment; a result that fails where it is missing, no time, or still to come. */
export function stageSince({ wave, environment }: Pick<Step, 'wave' | 'environment'>, now: Date): StageSince {
  const entry = wave.stages[environment.key];
  const path = `waves.${wave.key}.stages.${environment.key}`;
  const unknown = (found: string): StageSince => ({
    known: false,
    result: problem(
      found,
      `Write the time of the apply as ${path}: { stage: ${entry?.stage ?? 'irsa'}, since: ${now.toISOString()} } (podlift advance writes it). The soak begins there.`,
    ),
  });
  if (entry?.since === undefined) return unknown(`${path} has no since`);
  const since = new Date(entry.since);
  if (Number.isNaN(since.getTime())) return unknown(`${path}.since is not a time: ${entry.since}`);
  const milliseconds = now.getTime() - since.getTime();
  if (milliseconds < 0) return unknown(`${path}.since is in the future: ${entry.since}`);
  return { known: true, since, milliseconds };
}

/** Judges each workload of a step by what happened since its stage began; where that time is not known, each has the result that says so. */
export function sinceStage(
  step: Step,
  now: Date,
  judgeSince: (workload: Workload, since: Date) => Checked,
): readonly Concern[] {
  const since = stageSince(step, now);
  const path = `waves.${step.wave.key}.stages`;
  return step.workloads.map((workload) => ({
    workload,
    path,
    checked: since.known ? judgeSince(workload, since.since) : since.result,
  }));
}
