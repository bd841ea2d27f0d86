import type { Issue } from '../../Finding';
import { type Stage, STAGES } from '../../Inventory';
import type { Model, PlacedWorkload } from '../../resolve/Model';
import type { Rule } from '../Rule';
import { addonPodIdentity } from './addonPodIdentity';
import { agentMissing } from './agentMissing';
import { agentTooOld } from './agentTooOld';
import { clusterTooOld } from './clusterTooOld';
import { computeStage } from './computeStage';
import { sdkTooOld } from './sdkTooOld';

/** The rules whose findings a step forward can bring. `wave-order` is not among them: a wave waits for the one before it. */
const RULES: readonly Rule[] = [addonPodIdentity, agentMissing, agentTooOld, clusterTooOld, computeStage, sdkTooOld];

/** podlift refuses a step after which the inventory would have errors: they are warnings one step before. */
export const nextStage: Rule = {
  name: 'next-stage',
  severities: ['warning'],
  what: 'The inventory has no error after the next step of each wave.',
  example:
    'after the step of wave "pilot" to prepared in prod: cluster "main" has neither agent nor autoMode, but workload "api" is at prepared',
  *check(model) {
    // What is an error now, and what a rule warns of by itself.
    const present = new Set(findingsOf(model).map(({ rule, path }) => JSON.stringify([rule, path])));
    for (const wave of model.inventory.waves) {
      for (const { key: environment } of model.inventory.environments) {
        const moved = model.staged.filter(
          (one) => one.workload.wave === wave.key && one.environment.key === environment,
        );
        const to = STAGES[STAGES.indexOf(wave.stages[environment]?.stage ?? 'irsa') + 1];
        if (to === undefined || moved.length === 0) continue;
        for (const { rule, ...found } of findingsOf(ahead(model, moved, to))) {
          if (found.severity !== 'error') continue;
          const id = JSON.stringify([rule, found.path]);
          // Several waves can have the same finding.
          if (present.has(id)) continue;
          present.add(id);
          yield {
            ...found,
            severity: 'warning',
            message: `after the step of wave "${wave.key}" to ${to} in ${environment}: ${found.message}`,
            about: rule,
          };
        }
      }
    }
  },
};

/** The model with these workloads of one environment at another stage; the rules see no other workloads of it as moved. */
function ahead(model: Model, moved: readonly PlacedWorkload[], stage: Stage): Model {
  const after = new Map(moved.map((one) => [one, { ...one, workload: { ...one.workload, stage } }]));
  const environments = new Set(moved.map(({ environment }) => environment));
  return {
    ...model,
    inventory: { ...model.inventory, environments: [...environments] },
    placed: model.placed.map((one) => after.get(one) ?? one),
    staged: [...after.values()],
  };
}

function findingsOf(model: Model): readonly Issue[] {
  return RULES.flatMap((rule) =>
    [...rule.check(model)].map(({ severity = rule.severities?.[0] ?? 'error', ...found }) => {
      return { ...found, severity, rule: rule.name };
    }),
  );
}
