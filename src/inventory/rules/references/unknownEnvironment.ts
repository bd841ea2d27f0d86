import type { Segments } from '../../Finding';
import { type RuleFinding, type Rule, undefinedEntry, writtenFields } from '../Rule';

export const unknownEnvironment: Rule = {
  name: 'unknown-environment',
  what: 'Waves, workloads, targets and overrides name environments that are defined.',
  example: 'there is no environment "prd": did you mean "prod"?',
  *check(model) {
    const keys = function* (map: object, path: Segments): Generator<RuleFinding> {
      for (const key of Object.keys(map)) yield* undefinedEntry('environments', key, model, [...path, key], 'key');
    };
    const list = function* (environments: readonly string[], path: Segments): Generator<RuleFinding> {
      for (const [index, key] of environments.entries())
        yield* undefinedEntry('environments', key, model, [...path, index]);
    };
    for (const [key, { stages = {} }] of Object.entries(model.written.waves))
      yield* keys(stages, ['waves', key, 'stages']);
    for (const { fields, path } of writtenFields(model)) {
      if ('environments' in fields) yield* list(fields.environments, [...path, 'environments']);
      if ('overrides' in fields) yield* keys(fields.overrides, [...path, 'overrides']);
      for (const [name, { environments = [] }] of Object.entries(fields.targets ?? {}))
        yield* list(environments, [...path, 'targets', name, 'environments']);
    }
  },
};
