import type { WaveStage } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import { type CompareRule, waveStages } from '../compare';

/** How far the clock of the writer can be ahead, in milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;
const HINT =
  'Restore the old value: `podlift advance` and `podlift rollback` write `since` when they change the stage.';

/** podlift writes `since` with the stage, and the soak begins there. */
export const sinceEdited: CompareRule = {
  name: 'since-edited',
  severities: ['error', 'warning'],
  what: '`since` changes with the stage, forward in time, and is not in the future.',
  example:
    'since of wave "pilot" in prod went back from 2026-11-14T09:00:00Z to 2026-11-01T09:00:00Z, but the stage did not change',
  *check(comparison) {
    for (const { wave, environment, now, before } of waveStages(comparison)) {
      const found = isInFuture(now, comparison.now) ?? (before && findingOf(before.stages[environment], now));
      if (!found) continue;
      const { problem, ...rest } = found;
      yield {
        ...rest,
        path: ['waves', wave.key, 'stages', environment, ...(now.since === undefined ? [] : ['since'])],
        message: `since of wave "${wave.key}" in ${environment} ${problem}`,
      };
    }
  },
};

type SinceFinding = Omit<RuleFinding, 'path' | 'message'> & { readonly problem: string };

function isInFuture({ since }: WaveStage, now: Date): SinceFinding | undefined {
  if (since === undefined || Date.parse(since) <= now.getTime() + CLOCK_SKEW) return undefined;
  return { problem: `is ${since}, which is in the future: it is now ${now.toISOString().slice(0, 19)}Z`, hint: HINT };
}

function findingOf(before: WaveStage | undefined, { stage, since }: WaveStage): SinceFinding | undefined {
  const earlier = before?.since;
  if (before?.stage === stage) {
    if (earlier === since) return undefined;
    if (earlier === undefined) {
      return {
        severity: 'warning',
        problem: `was added by hand: ${since ?? ''}`,
        hint: 'Make sure that the stage was applied by then: the soak begins at this time.',
      };
    }
    if (since === undefined) return { problem: `was removed (${earlier}), but the stage did not change`, hint: HINT };
    const moved = Date.parse(since) - Date.parse(earlier);
    if (moved === 0) return undefined;
    const how = moved < 0 ? 'went back' : 'was moved';
    const thereAndBack = moved > 0 ? ' If the wave moved there and back meanwhile, make each move its own change.' : '';
    return { problem: `${how} from ${earlier} to ${since}, but the stage did not change`, hint: HINT + thereAndBack };
  }
  const change = `${before?.stage ?? 'irsa'} to ${stage}`;
  const write = 'Take the step with `podlift advance` or `podlift rollback`: they check the gate and write the time.';
  if (since === undefined) {
    return before === undefined && stage === 'irsa'
      ? undefined
      : {
          severity: earlier === undefined ? 'warning' : 'error',
          problem: `is missing: the stage changed from ${change}`,
          hint: write,
        };
  }
  if (earlier === undefined || Date.parse(since) > Date.parse(earlier)) return undefined;
  const kept =
    Date.parse(since) === Date.parse(earlier) ? `is still ${since}` : `went back from ${earlier} to ${since}`;
  return { problem: `${kept}, but the stage changed from ${change}`, hint: write };
}
