import type { Wave, WaveStage } from '../../Inventory';
import type { Comparison } from '../compare';
import type { CompareRule } from '../CompareRule';

/** A stage is no older than the version that did not have it yet: soaking would be counted from a time at which nothing ran at it. */
export const sinceBackdated: CompareRule = {
  name: 'since-backdated',
  severities: ['error'],
  what: '`since` of a stage that changed is not before the commit that is compared with: the old stage stood there then.',
  example:
    'since of wave "pilot" in prod is 2026-11-01T09:00:00Z, but at 2026-11-14T09:00:00Z the stage was prepared still',
  *check(comparison) {
    const { baseTime, base, head } = comparison;
    if (baseTime === undefined) return;
    const waves = new Map(base.waves.map((wave) => [wave.key, wave]));
    const environments = new Set(base.environments.map(({ key }) => key));
    for (const wave of head.waves) {
      for (const [environment, { stage, since }] of Object.entries(wave.stages)) {
        if (since === undefined || !environments.has(environment) || Date.parse(since) >= baseTime.getTime()) continue;
        const before = waves.get(wave.key);
        const from = before
          ? changedFrom(before.stages[environment], { stage, since })
          : formerStage(comparison, wave, environment);
        if (from === undefined) continue;
        yield {
          path: ['waves', wave.key, 'stages', environment, 'since'],
          message: `since of wave "${wave.key}" in ${environment} is ${since}, but at ${baseTime.toISOString().slice(0, 19)}Z the stage was ${from} still`,
          hint: 'Take the step with `podlift advance` or `podlift rollback` from the version that is compared with: they write the time of the step.',
        };
      }
    }
  },
};

/** The stage before, when it was another and `since` is later than the one before: what is not is a finding of `since-edited`. */
function changedFrom(before: WaveStage | undefined, now: WaveStage & { readonly since: string }): string | undefined {
  const from = before?.stage ?? 'irsa';
  if (from === now.stage) return undefined;
  const isForward = before?.since === undefined || Date.parse(now.since) > Date.parse(before.since);
  return isForward ? from : undefined;
}

/** The stage from which a workload came into a wave that is new; undefined when all of its workloads were at its stage. */
function formerStage({ workloads }: Comparison, { key }: Wave, environment: string): string | undefined {
  return workloads.find(
    ({ base, head, environment: { head: place } }) =>
      place.key === environment && head.wave === key && base.stage !== head.stage,
  )?.base.stage;
}
