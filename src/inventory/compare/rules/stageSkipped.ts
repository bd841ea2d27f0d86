import { type Stage, STAGES, type Wave } from '../../Inventory';
import type { CompareRule, KeptWorkload } from '../compare';

export const stageSkipped: CompareRule = {
  name: 'stage-skipped',
  what: 'From one version to the next a wave moves at most one stage in an environment, and so does each workload.',
  example: 'wave "core" goes from irsa to dual in prod, past prepared',
  *check({ waves, environments, workloads }) {
    const said = new Set<string>();
    for (const { base, head } of waves.kept) {
      for (const { head: environment } of environments.kept) {
        const [from, to] = [stageOf(base, environment.key), stageOf(head, environment.key)];
        const skipped = stagesBetween(from, to);
        if (skipped.length === 0) continue;
        said.add(`${base.key} ${environment.key}`);
        yield {
          path: ['waves', head.key, 'stages', ...(environment.key in head.stages ? [environment.key] : [])],
          message: `wave "${head.key}" goes from ${from} to ${to} in ${environment.key}, past ${skipped.join(' and ')}`,
          hint: `Put ${from} back, then take one step at a time: \`podlift ${command(from, to)} ${head.key} --environment ${environment.key}\`, and apply it before the next.`,
        };
      }
    }
    for (const workload of workloads) {
      const { base, head, environment } = workload;
      const skipped = stagesBetween(base.stage, head.stage);
      const withItsWave = base.wave === head.wave && said.has(`${head.wave ?? ''} ${environment.head.key}`);
      if (skipped.length === 0 || withItsWave) continue;
      yield {
        path: ['workloads', head.key, head.wave === undefined ? 'stage' : 'wave'],
        message: `workload "${head.key}" goes from ${base.stage} to ${head.stage} in ${environment.head.key}, past ${skipped.join(' and ')}${because(workload)}`,
        hint: 'Take one stage at a time, in changes of their own, and apply each before the next.',
      };
    }
  },
};

function stageOf({ stages }: Wave, environment: string): Stage {
  return stages[environment]?.stage ?? 'irsa';
}

function stagesBetween(from: Stage, to: Stage): readonly Stage[] {
  const [a, b] = [STAGES.indexOf(from), STAGES.indexOf(to)];
  return a < b ? STAGES.slice(a + 1, b) : STAGES.slice(b + 1, a).reverse();
}

function command(from: Stage, to: Stage): 'advance' | 'rollback' {
  return STAGES.indexOf(from) < STAGES.indexOf(to) ? 'advance' : 'rollback';
}

function because({ base, head }: KeptWorkload): string {
  if (base.wave === head.wave) return '';
  const named = (wave: string | undefined): string => (wave === undefined ? 'no wave' : `wave "${wave}"`);
  return `: it was in ${named(base.wave)} and is in ${named(head.wave)} now`;
}
