import { isPast, type WaveStage } from '../../Inventory';
import type { Rule } from '../Rule';

/** The check of the gate that an operator accepts to take the step. */
export const PATTERN_CHECK = 'expanded-accounts';

/**
 * An association names one service account, so a new namespace of a pattern gets one with the next run of `podlift expand`. Until then its pods have
 * the annotation alone, which works up to `dual`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html, stage table of docs/MIGRATION.md
 */
export const patternStage: Rule = {
  name: 'pattern-stage',
  what: 'A workload with service accounts by pattern stays at `dual` or before, unless it says why under `because`: later a new namespace has no role until the next `podlift expand`.',
  example: 'workload "previews" has service accounts by pattern and is at cutover in prod',
  *check({ staged, inventory }) {
    for (const { workload, environment, at } of staged) {
      const { key, patterns, stage, because } = workload;
      if (patterns === undefined || !isPast(stage, 'dual') || because !== undefined) continue;
      const wave = inventory.waves.find((one) => one.key === workload.wave);
      if (isAcceptedIn(wave?.stages[environment.key], key)) continue;
      yield {
        path: at(workload.wave === undefined ? 'stage' : 'wave'),
        message: `workload "${key}" has service accounts by pattern and is at ${stage} in ${environment.key}: pods in a new namespace get no role until the next \`podlift expand\` and apply`,
        hint: `Leave it at dual: \`stage: dual\`, or a wave that stays there. If nothing needs the role before the next run, write the reason under \`because\`.`,
      };
    }
  },
};

/** Whether the step was taken with the check of the gate accepted, for the workload or for all. */
function isAcceptedIn({ because, accepted = [] }: Partial<WaveStage> = {}, workload: string): boolean {
  if (because === undefined) return false;
  return accepted.some((text) => {
    const [check, of = '', cluster] = text.split(':');
    return check === PATTERN_CHECK && cluster === undefined && (of === '' || of === workload);
  });
}
