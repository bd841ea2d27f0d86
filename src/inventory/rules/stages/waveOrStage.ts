import { resolveStage } from '../../resolve/mergeOverrides';
import type { Model } from '../../resolve/Model';
import type { WrittenOverride, WrittenWorkload } from '../../schema/inventorySchema';
import { type RuleFinding, type Rule, writtenFields } from '../Rule';

/** There is no default stage: a wrong guess can take the role from running pods. */
export const waveOrStage: Rule = {
  name: 'wave-or-stage',
  what: 'A workload has either a `wave` or a `stage`.',
  example: 'workload "search" has neither wave nor stage',
  *check(model) {
    for (const { key, fields, path } of writtenFields(model)) {
      if (fields.wave === undefined || fields.stage === undefined) continue;
      yield {
        path: [...path, 'stage'],
        message: `workload "${key}" has both wave "${fields.wave}" and stage "${fields.stage}"`,
        hint: 'Remove one of them. With a wave the workload moves with the wave; with a stage it stays.',
      };
    }
    for (const [key, workload] of Object.entries(model.written.workloads)) yield* neither(model, key, workload);
  },
};

function* neither(model: Model, key: string, workload: WrittenWorkload): Generator<RuleFinding> {
  // A mistyped or unreadable wave or stage has a finding already.
  const isPartly = Object.values(workload.overrides ?? {}).some(hasStage);
  if (hasStage(workload) || (model.defined.staged.has(key) && !isPartly)) return;
  const { environments = [...model.defined.environments], overrides = {} } = workload;
  const without = environments.filter((environment) => !hasStage(overrides[environment]));
  if (without.length === 0 && (environments.length > 0 || workload.environments !== undefined)) return;
  const where = without.length === environments.length ? '' : ` in ${without.join(', ')}`;
  const adopted = workload.role?.adopt === true;
  const [wave = 'NAME'] = adopted ? wavesAtIrsa(model, environments) : model.defined.waves;
  const moves = adopted ? 'a wave at irsa, the stage of its role' : 'the workload moves with the wave';
  const warning = adopted ? ' The role exists: with `stage: pod-identity` the first apply removes IRSA from it.' : '';
  yield {
    path: ['workloads', key],
    message: `workload "${key}" has neither wave nor stage${where}`,
    hint: `Write one of these lines: \`wave: ${wave}\` (${moves}) or \`stage: pod-identity\` (the workload started on Pod Identity, and none of its pods use IRSA).${warning}`,
    at: 'key',
  };
}

function hasStage(fields: WrittenWorkload | WrittenOverride | undefined): boolean {
  return fields?.wave !== undefined || fields?.stage !== undefined;
}

/** Waves that are at `irsa` in all of the environments. */
function wavesAtIrsa({ written, defined }: Model, environments: readonly string[]): readonly string[] {
  return [...defined.waves].filter((wave) =>
    environments.every(
      (environment) => (resolveStage(undefined, written.waves[wave], environment) ?? 'irsa') === 'irsa',
    ),
  );
}
