import type { Segments } from '../../Finding';
import { didYouMean, listed } from '../../suggest';
import { type Found, type Rule, writtenFields } from '../Rule';

export const unknownEnvironment: Rule = {
  name: 'unknown-environment',
  what: 'Waves, workloads, targets and overrides name environments that are defined.',
  example: 'there is no environment "prd": did you mean "prod"?',
  *check({ written, defined }) {
    if (defined.unreadable.has('environments')) return;
    const check = function* (environment: string, path: Segments, at?: 'key'): Generator<Found> {
      if (defined.environments.has(environment)) return;
      const suggestion = didYouMean(environment, defined.environments);
      yield {
        path,
        message: `there is no environment "${environment}": ${suggestion}environments: ${listed(defined.environments)}`,
        hint: 'Correct the name, or add the environment under `environments`.',
        ...(at && { at }),
      };
    };
    const keys = function* (map: object, path: Segments): Generator<Found> {
      for (const environment of Object.keys(map)) yield* check(environment, [...path, environment], 'key');
    };
    const list = function* (environments: readonly string[], path: Segments): Generator<Found> {
      for (const [index, environment] of environments.entries()) yield* check(environment, [...path, index]);
    };
    for (const [key, { stages = {} }] of Object.entries(written.waves)) yield* keys(stages, ['waves', key, 'stages']);
    for (const { fields, path } of writtenFields({ written })) {
      if ('environments' in fields) yield* list(fields.environments, [...path, 'environments']);
      if ('overrides' in fields) yield* keys(fields.overrides, [...path, 'overrides']);
      for (const [name, { environments = [] }] of Object.entries(fields.targets ?? {}))
        yield* list(environments, [...path, 'targets', name, 'environments']);
    }
  },
};
