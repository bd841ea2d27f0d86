import { type Ask, askAll, isNoAnswer, type NoAnswer } from '../../estate/ask';
import type { Wave, Workload } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { type Began, stageBegan } from '../gate/stageBegan';
import { isShorterThanTrail, silenceOf, TRAIL_DELAY } from '../gate/trail';
import { run } from '../remedies';
import { formatTimeSpan } from '../timeSpan';
import { type CheckAsk, type Checked, type CheckResult, fail, pass, problem } from './Check';

/**
 * The wave has been at its stage for at least its `soak`, counted from the time at which AWS and the clusters had the stage of the last of its workloads, up to
 * AWS's time. A shorter soak, or none, lasts as long as CloudTrail is late: the checks that rely on its silence would pass too early.
 */
export const soak: StepCheck = (step, now) => {
  const path = `waves.${step.wave.key}.soak`;
  const asks: readonly (Timed | Ask<Timed | NoAnswer>)[] = step.workloads.map((one) => stageBegan(step, one, now));
  const checked = askAll<Timed | NoAnswer, Checked | NoAnswer>(asks as readonly Ask<Timed | NoAnswer>[], (all) => {
    const unknown = all.find((one) => isNoAnswer(one) || 'state' in one);
    if (unknown !== undefined && (isNoAnswer(unknown) || 'state' in unknown)) return unknown;
    const began = (all as readonly Began[]).toSorted((one, other) => other.at.getTime() - one.at.getTime())[0];
    return began === undefined ? pass('no workload of the wave runs here') : judge(step, began, now);
  });
  return [{ path, checked: checked as Checked }];
};

type Timed = Began | CheckResult;

function judge({ wave, environment, from }: Step, { at, by }: Began, now: Date): CheckResult {
  const milliseconds = Math.max(0, now.getTime() - at.getTime());
  const lasted = `at ${from} since ${at.toISOString()} (${by}), for ${formatTimeSpan(milliseconds)}`;
  const asked = silenceOf(wave);
  if (asked === undefined)
    return fail('unknown', `${wave.soak ?? ''} is not a duration`, `Write the soak of wave ${wave.key} as a duration, such as 7d.`);
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

/** Asks when the stage of a workload began; `next` receives the time. What could not be checked is the result. */
export function sinceBegan(
  step: Step,
  workload: Workload,
  now: Date,
  next: (began: Date) => Checked | CheckAsk,
): CheckAsk {
  return followed(stageBegan(step, workload, now), (began) => ('state' in began ? began : next(began.at)));
}

/** An ask whose result is followed by another one. */
function followed(one: Ask<Timed | NoAnswer>, next: (result: Timed) => Checked | CheckAsk): CheckAsk {
  return askAll<Timed | NoAnswer, Checked | NoAnswer>([one], ([result]) =>
    result === undefined || isNoAnswer(result) ? result : (next(result) as Checked | Ask<Checked | NoAnswer>),
  ) as CheckAsk;
}

/** Judges each workload of a step by what happened since its stage began. */
export function eachSinceBegan(
  step: Step,
  now: Date,
  judgeSince: (workload: Workload, began: Date) => Checked | CheckAsk,
): readonly Concern[] {
  const path = `waves.${step.wave.key}.stages`;
  return step.workloads.map((workload) => ({
    workload,
    path,
    checked: sinceBegan(step, workload, now, (began) => judgeSince(workload, began)),
  }));
}
