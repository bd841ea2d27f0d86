import { type Stage, STAGES, type Wave } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule, Kept } from '../compare';

/** Minutes of a unit of `soak`. */
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };

export const guardLoosened: CompareRule = {
  name: 'guard-loosened',
  severities: ['warning'],
  what: 'A wave keeps its `soak` or a longer one, and its `after`. A workload does not skip a gate by changing its wave.',
  example: 'wave "core" now soaks for 1d instead of 7d',
  *check({ waves, workloads }) {
    for (const wave of waves.kept) {
      yield* soakShortened(wave);
      yield* orderDropped(wave);
    }
    for (const { base, head, environment } of workloads) {
      // More than one stage is a finding of `stage-skipped`.
      if (base.wave === head.wave || stepsBetween(base.stage, head.stage) !== 1) continue;
      const [from, to] = [base.wave, head.wave].map((wave) => (wave === undefined ? 'no wave' : `wave "${wave}"`));
      yield {
        path: ['workloads', head.key, head.wave === undefined ? 'stage' : 'wave'],
        message: `workload "${head.key}" moves from ${from ?? ''} to ${to ?? ''}, and so from ${base.stage} to ${head.stage} in ${environment.head.key} without the gate of this step`,
        hint: 'Keep its wave, and take the step with `podlift advance`. Or change the wave while both are at the same stage.',
      };
    }
  },
};

function* soakShortened({ base, head }: Kept<Wave>): Generator<RuleFinding> {
  if (base.soak === undefined || minutes(head.soak) >= minutes(base.soak)) return;
  const place = ['waves', head.key];
  yield {
    path: head.soak === undefined ? place : [...place, 'soak'],
    message:
      head.soak === undefined
        ? `wave "${head.key}" no longer has a soak: it was ${base.soak}`
        : `wave "${head.key}" now soaks for ${head.soak} instead of ${base.soak}`,
    hint: 'Have a reviewer confirm that less time is enough, or restore it.',
  };
}

function* orderDropped({ base, head }: Kept<Wave>): Generator<RuleFinding> {
  if (base.after === undefined || base.after === head.after) return;
  const place = ['waves', head.key];
  yield {
    path: head.after === undefined ? place : [...place, 'after'],
    message:
      head.after === undefined
        ? `wave "${head.key}" no longer waits for "${base.after}"`
        : `wave "${head.key}" now waits for "${head.after}" instead of "${base.after}"`,
    hint: 'Have a reviewer confirm that the old order is not needed, or restore it.',
  };
}

function minutes(soak: string | undefined): number {
  return soak === undefined ? 0 : Number.parseInt(soak, 10) * (MINUTES[soak.slice(-1)] ?? 0);
}

function stepsBetween(from: Stage, to: Stage): number {
  return STAGES.indexOf(to) - STAGES.indexOf(from);
}
