import { didYouMean, listed } from '../../suggest';
import type { Segments } from '../../Issue';
import type { Found, Rule } from '../Rule';

/** Workloads and `after` name waves that are defined. */
export const unknownWave: Rule = {
  name: 'unknown-wave',
  severities: ['error'],
  what: 'Workloads and `after` name waves that are defined.',
  example: 'there is no wave "pilto": did you mean "pilot"?',
  *check({ written, defined }) {
    if (defined.unreadable.has('waves')) return;
    const check = function* (wave: string | undefined, path: Segments): Generator<Found> {
      if (wave === undefined || defined.waves.has(wave)) return;
      yield {
        path,
        message: `there is no wave "${wave}": ${didYouMean(wave, defined.waves)}waves: ${listed(defined.waves)}`,
        hint: 'Correct the name, or add the wave under `waves`.',
      };
    };
    for (const [key, { after }] of Object.entries(written.waves)) yield* check(after, ['waves', key, 'after']);
    for (const [key, { wave, overrides = {} }] of Object.entries(written.workloads)) {
      yield* check(wave, ['workloads', key, 'wave']);
      for (const [environment, override] of Object.entries(overrides)) {
        yield* check(override.wave, ['workloads', key, 'overrides', environment, 'wave']);
      }
    }
  },
};
