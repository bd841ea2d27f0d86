import { type Rule, undefinedEntry, writtenFields } from '../Rule';

export const unknownWave: Rule = {
  name: 'unknown-wave',
  what: 'Workloads and `after` name waves that are defined.',
  example: 'there is no wave "pilto": did you mean "pilot"?',
  *check(model) {
    for (const [key, { after }] of Object.entries(model.written.waves))
      yield* undefinedEntry('waves', after, model, ['waves', key, 'after']);
    for (const { fields, path } of writtenFields(model))
      yield* undefinedEntry('waves', fields.wave, model, [...path, 'wave']);
  },
};
