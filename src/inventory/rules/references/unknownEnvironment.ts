import { didYouMean, listed } from '../../suggest';
import type { Segments } from '../../Issue';
import type { Found, Rule } from '../Rule';

/** Waves, workloads, targets and overrides name environments that are defined. */
export const unknownEnvironment: Rule = {
  name: 'unknown-environment',
  severities: ['error'],
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
    const list = function* (environments: readonly string[] | undefined, path: Segments): Generator<Found> {
      for (const [index, environment] of (environments ?? []).entries()) yield* check(environment, [...path, index]);
    };
    for (const [key, { stages = {} }] of Object.entries(written.waves)) {
      for (const environment of Object.keys(stages))
        yield* check(environment, ['waves', key, 'stages', environment], 'key');
    }
    for (const [key, { environments, targets = {}, overrides = {} }] of Object.entries(written.workloads)) {
      const workload = ['workloads', key];
      yield* list(environments, [...workload, 'environments']);
      for (const [name, target] of Object.entries(targets)) {
        yield* list(target.environments, [...workload, 'targets', name, 'environments']);
      }
      for (const [environment, override] of Object.entries(overrides)) {
        const path = [...workload, 'overrides', environment];
        yield* check(environment, path, 'key');
        for (const [name, target] of Object.entries(override.targets ?? {})) {
          yield* list(target.environments, [...path, 'targets', name, 'environments']);
        }
      }
    }
  },
};
