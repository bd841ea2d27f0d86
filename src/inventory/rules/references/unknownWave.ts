import type { Segments } from '../../Finding';
import { didYouMean, listed } from '../../suggest';
import { type Found, type Rule, writtenFields } from '../Rule';

export const unknownWave: Rule = {
  name: 'unknown-wave',
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
    for (const { fields, path } of writtenFields({ written })) yield* check(fields.wave, [...path, 'wave']);
  },
};
