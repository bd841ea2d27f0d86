import type { Check, Step } from './Check';
import { evidenceOf, type Verdict } from './evidenceOf';
import { INVENTORY } from './places';
import { stageSince } from './stageSince';
import { formatTimeSpan, parseTimeSpan } from './timeSpan';

/** The wave has been at its stage for at least its `soak`; a wave without one asks for no time, but for `since` all the same. */
export const soaked: Check = (step, _ports, now) =>
  Promise.resolve([
    evidenceOf(step, now, { check: 'soak', asked: `waves.${step.wave.key}.soak`, of: INVENTORY }, judge(step, now)),
  ]);

function judge(step: Step, now: Date): Verdict {
  const since = stageSince(step, now);
  if (!since.known) return { found: since.found, holds: 'no', remedy: since.remedy };
  const lasted = `at ${step.from} for ${formatTimeSpan(since.milliseconds)}`;
  const { soak } = step.wave;
  if (soak === undefined) return { found: `${lasted}; the wave asks for no soak`, holds: 'yes' };
  const asked = parseTimeSpan(soak);
  if (asked === undefined)
    return {
      found: `${soak} is no time span`,
      holds: 'unknown',
      remedy: `Write soak of wave ${step.wave.key} as in 7d.`,
    };
  if (since.milliseconds >= asked) return { found: `${lasted}, ${soak} asked`, holds: 'yes' };
  const until = new Date(since.since.getTime() + asked).toISOString();
  return {
    found: `${lasted}, ${soak} asked: ${formatTimeSpan(asked - since.milliseconds)} to go`,
    holds: 'no',
    remedy: `Ask again after ${until}:\nnpx podlift gate ${step.wave.key} --environment ${step.environment.key}`,
  };
}
