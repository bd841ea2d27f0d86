import type { Rule } from '../Rule';

export const stageWithoutReason: Rule = {
  name: 'stage-without-reason',
  what: '`stage: irsa` has a reason in `because`.',
  example: 'workload "legacy" stays at irsa without a reason',
  *check({ staged }) {
    for (const { workload, at } of staged) {
      if (workload.wave !== undefined || workload.stage !== 'irsa' || workload.because !== undefined) continue;
      yield {
        path: at('stage'),
        message: `workload "${workload.key}" stays at irsa without a reason`,
        hint: 'Add the reason as `because: …`, or put the workload into a wave.',
      };
    }
  },
};
