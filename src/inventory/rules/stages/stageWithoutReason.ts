import type { Rule } from '../Rule';

/** A workload that stays at `irsa` by a stage of its own says why. */
export const stageWithoutReason: Rule = {
  name: 'stage-without-reason',
  severities: ['error'],
  what: '`stage: irsa` stands with `because`.',
  example: 'stage: irsa without because',
  *check({ staged }) {
    for (const { workload, at } of staged) {
      if (workload.wave !== undefined || workload.stage !== 'irsa' || workload.because !== undefined) continue;
      yield {
        path: at('stage'),
        message: `workload "${workload.key}" stays at irsa and does not say why`,
        hint: 'Add `because: …` with the reason, or put it into a wave.',
      };
    }
  },
};
