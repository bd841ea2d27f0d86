import { knownController } from '../../../catalogue/catalogue';
import { repeated, type Rule } from '../Rule';

export const duplicateController: Rule = {
  name: 'duplicate-controller',
  what: 'A controller occurs once in `use` with the same parameters, by its name or an alias.',
  example: 'ebs-csi is already use[0]',
  *check({ holders }) {
    for (const { permissions, placed, field } of holders) {
      const entries = [...(permissions.use ?? []).entries()];
      for (const { item, first } of repeated(entries, ([, { name, parameters }]) =>
        JSON.stringify([knownController(name)?.name ?? name, parameters]),
      )) {
        const [index, { name }] = item;
        yield {
          path: placed.at(...field, 'use', index),
          message: `${name} is already use[${first[0]}]`,
          hint: 'Remove one of the two.',
        };
      }
    }
  },
};
