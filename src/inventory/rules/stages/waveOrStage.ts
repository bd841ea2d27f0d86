import { resolveStage } from '../../resolve/resolveStage';
import type { Model } from '../../resolve/Model';
import type { WrittenOverride, WrittenWorkload } from '../../schema/inventorySchema';
import type { Found, Rule } from '../Rule';

/** A stage comes from a wave or from the workload itself, never from a default: a wrong guess costs running pods their role. */
export const waveOrStage: Rule = {
  name: 'wave-or-stage',
  severities: ['error'],
  what: 'A workload has a `wave` or a `stage` of its own: one of the two.',
  example: 'workload "search" has neither wave nor stage',
  *check(model) {
    const { written } = model;
    for (const [key, workload] of Object.entries(written.workloads)) {
      const places = [
        { fields: workload, path: ['workloads', key] },
        ...Object.entries(workload.overrides ?? {}).map(([environment, fields]) => ({
          fields,
          path: ['workloads', key, 'overrides', environment],
        })),
      ];
      for (const { fields, path } of places) {
        if (fields.wave === undefined || fields.stage === undefined) continue;
        yield {
          path: [...path, 'stage'],
          message: `workload "${key}" has both wave "${fields.wave}" and stage "${fields.stage}"`,
          hint: 'Remove one: with a wave it moves when the wave moves, with a stage it stays.',
        };
      }
      yield* neither(model, key, workload);
    }
  },
};

function* neither(model: Model, key: string, workload: WrittenWorkload): Generator<Found> {
  // Of one that is mistyped or could not be read there is a finding already.
  const isPartly = Object.values(workload.overrides ?? {}).some(hasStage);
  if (hasStage(workload) || (model.defined.staged.has(key) && !isPartly)) return;
  const { environments = [...model.defined.environments], overrides = {} } = workload;
  const without = environments.filter((environment) => !hasStage(overrides[environment]));
  if (without.length === 0 && (environments.length > 0 || workload.environments !== undefined)) return;
  const where = without.length === environments.length ? '' : ` in ${without.join(', ')}`;
  const adopted = workload.role?.adopt === true;
  const [wave = 'NAME'] = adopted ? wavesAtIrsa(model, environments) : model.defined.waves;
  const moves = adopted ? 'a wave that is at irsa, where its role stands' : 'it moves with the wave';
  const warning = adopted
    ? ' Its role exists: with `stage: pod-identity` the first apply removes IRSA from the role.'
    : '';
  yield {
    path: ['workloads', key],
    message: `workload "${key}" has neither wave nor stage${where}`,
    hint: `Write one of these two lines: \`wave: ${wave}\` (${moves}) or \`stage: pod-identity\` (the workload started on Pod Identity, and none of its pods use IRSA).${warning}`,
    at: 'key',
  };
}

function hasStage(fields: WrittenWorkload | WrittenOverride | undefined): boolean {
  return fields?.wave !== undefined || fields?.stage !== undefined;
}

/** Waves that have not begun in any of the environments. */
function wavesAtIrsa({ written, defined }: Model, environments: readonly string[]): readonly string[] {
  return [...defined.waves].filter((wave) =>
    environments.every(
      (environment) => (resolveStage(undefined, written.waves[wave], environment) ?? 'irsa') === 'irsa',
    ),
  );
}
