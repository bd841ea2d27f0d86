import { STAGES, type Stage, type Wave } from '../../Inventory';
import type { Found } from '../../rules/Rule';
import type { Kept } from '../compare';
import type { CompareRule } from '../CompareRule';

/** Minutes of a unit of `soak`. */
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440, w: 10_080 };

/** What holds a wave back is not taken away unseen. */
export const guardLoosened: CompareRule = {
  name: 'guard-loosened',
  severities: ['warning'],
  what: 'A wave keeps its `soak`, or a longer one, and its `after`; a workload does not get ahead by changing its wave.',
  example: 'wave "core" soaks for 1d, no longer for 7d',
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
        message: `workload "${head.key}" goes from ${from ?? ''} to ${to ?? ''}, and so from ${base.stage} to ${head.stage} in ${environment.head.key} without the evidence that a step asks for`,
        hint: `Leave it where it is, and take the step with \`podlift advance\`; or move it while both are at the same stage.`,
      };
    }
  },
};

function* soakShortened({ base, head }: Kept<Wave>): Generator<Found> {
  if (base.soak === undefined || minutes(head.soak) >= minutes(base.soak)) return;
  const place = ['waves', head.key];
  yield {
    path: head.soak === undefined ? place : [...place, 'soak'],
    message:
      head.soak === undefined
        ? `wave "${head.key}" no longer soaks: it did for ${base.soak}`
        : `wave "${head.key}" soaks for ${head.soak}, no longer for ${base.soak}`,
    hint: 'Have someone confirm in review that less time is enough, or put it back.',
  };
}

function* orderDropped({ base, head }: Kept<Wave>): Generator<Found> {
  if (base.after === undefined || base.after === head.after) return;
  const place = ['waves', head.key];
  yield {
    path: head.after === undefined ? place : [...place, 'after'],
    message:
      head.after === undefined
        ? `wave "${head.key}" no longer waits for "${base.after}"`
        : `wave "${head.key}" waits for "${head.after}", no longer for "${base.after}"`,
    hint: 'Have someone confirm in review that the order is not needed, or put it back.',
  };
}

function minutes(soak: string | undefined): number {
  return soak === undefined ? 0 : Number.parseInt(soak, 10) * (MINUTES[soak.slice(-1)] ?? 0);
}

function stepsBetween(from: Stage, to: Stage): number {
  return STAGES.indexOf(to) - STAGES.indexOf(from);
}
