import type { Wave, WaveStage } from '../../Inventory';
import { type CompareRule, type TwoVersions, waveStages } from '../compare';

/** A stage cannot be older than a version without it: the soak would include time before the stage. */
export const sinceBackdated: CompareRule = {
  name: 'since-backdated',
  what: '`since` of a changed stage is not before the commit of the earlier version, which still has the old stage.',
  example:
    'since of wave "pilot" in prod is 2026-11-01T09:00:00Z, but at 2026-11-14T09:00:00Z the stage was still prepared',
  *check(comparison) {
    const { baseTime } = comparison;
    if (baseTime === undefined) return;
    for (const { wave, environment, now, isNew, before } of waveStages(comparison)) {
      const { stage, since } = now;
      if (since === undefined || isNew || Date.parse(since) >= baseTime.getTime()) continue;
      const from = before
        ? changedFrom(before.stages[environment], { stage, since })
        : formerStage(comparison, wave, environment);
      if (from === undefined) continue;
      yield {
        path: ['waves', wave.key, 'stages', environment, 'since'],
        message: `since of wave "${wave.key}" in ${environment} is ${since}, but at ${baseTime.toISOString().slice(0, 19)}Z the stage was still ${from}`,
        hint: 'Start from the earlier version, and take the step with `podlift advance` or `podlift rollback`: they write the time of the step.',
      };
    }
  },
};

/** The earlier stage if it is another one and its `since` is earlier. Otherwise `since-edited` reports it. */
function changedFrom(before: WaveStage | undefined, now: WaveStage & { readonly since: string }): string | undefined {
  const from = before?.stage ?? 'irsa';
  if (from === now.stage) return undefined;
  const isForward = before?.since === undefined || Date.parse(now.since) > Date.parse(before.since);
  return isForward ? from : undefined;
}

/** The earlier stage of a workload in a new wave; undefined when all its workloads already were at the wave's stage. */
function formerStage({ workloads }: TwoVersions, { key }: Wave, environment: string): string | undefined {
  return workloads.find(
    ({ base, head, environment: { head: place } }) =>
      place.key === environment && head.wave === key && base.stage !== head.stage,
  )?.base.stage;
}
