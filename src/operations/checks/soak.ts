import { askAll, isNoAnswer, type NoAnswer } from '../../estate/ask';
import type { Wave } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { type Began, stageBegan } from '../gate/stageBegan';
import { isShorterThanTrail, silenceOf, TRAIL_DELAY } from '../gate/trail';
import { run } from '../remedies';
import { formatTimeSpan } from '../timeSpan';
import { type CheckResult, fail, pass, problem } from './Check';
import { cronRuns } from './cronRuns';

/**
 * The wave has been at its stage for at least its `soak`, counted from the time at which AWS and the clusters had the stage of the last of its workloads, up to
 * AWS's time; and each CronJob of the wave has run in that time. A shorter soak, or none, lasts as long as CloudTrail is late: the checks that rely on its silence would pass too early.
 */
export const soak: StepCheck = (step, now) => {
  const path = `waves.${step.wave.key}.soak`;
  const asks = step.workloads.map((workload) => stageBegan(step, workload, now));
  const checked = askAll<Began | CheckResult | NoAnswer, CheckResult | NoAnswer>(asks, (all) => {
    const times: Began[] = [];
    for (const one of all) {
      if (isNoAnswer(one) || 'state' in one) return one;
      times.push(one);
    }
    const [last] = times.toSorted((one, other) => other.at.getTime() - one.at.getTime());
    return last === undefined ? pass('no workload of the wave runs here') : judge(step, last, now);
  });
  return [...(isNoAnswer(checked) ? [] : [{ path, checked }]), ...cronRuns(step, now)];
};

function judge({ wave, environment, from }: Step, { at, by }: Began, now: Date): CheckResult {
  const milliseconds = Math.max(0, now.getTime() - at.getTime());
  const lasted = `at ${from} since ${at.toISOString()} (${by}), for ${formatTimeSpan(milliseconds)}`;
  const asked = silenceOf(wave);
  if (asked === undefined)
    return fail(
      'unknown',
      `${wave.soak ?? ''} is not a duration`,
      `Write the soak of wave ${wave.key} as a duration, such as 7d.`,
    );
  const what = soakText(wave);
  if (milliseconds >= asked) return pass(`${lasted}; ${what}`);
  const until = new Date(at.getTime() + asked).toISOString();
  return problem(`${lasted}; ${what}: ${formatTimeSpan(asked - milliseconds)} remaining`, [
    `Run the gate again after ${until}:`,
    run`npx podlift gate ${wave.key} --environment ${environment.key}`,
  ]);
}

/** What is waited for. */
export function soakText(wave: Wave): string {
  if (!isShorterThanTrail(wave)) return `the soak is ${wave.soak ?? ''}`;
  const soak = wave.soak === undefined ? 'the wave has no soak' : `the soak is ${wave.soak}`;
  return `${soak}, and ${TRAIL_DELAY}`;
}

/** When a wave came to its stage by the inventory, and for how long it has been there. It is shown, and no check passes by it. */
type StageSince =
  | { readonly known: true; readonly since: Date; readonly milliseconds: number }
  | { readonly known: false; readonly reason: string };

/** Reads `since` of the wave in the environment, or says why there is none: it is missing, no time, or still to come. */
export function stageSince({ wave, environment }: Pick<Step, 'wave' | 'environment'>, now: Date): StageSince {
  const entry = wave.stages[environment.key];
  const path = `waves.${wave.key}.stages.${environment.key}`;
  if (entry?.since === undefined) return { known: false, reason: `${path} has no since` };
  const since = new Date(entry.since);
  if (Number.isNaN(since.getTime())) return { known: false, reason: `${path}.since is not a time: ${entry.since}` };
  const milliseconds = now.getTime() - since.getTime();
  if (milliseconds < 0) return { known: false, reason: `${path}.since is in the future: ${entry.since}` };
  return { known: true, since, milliseconds };
}
