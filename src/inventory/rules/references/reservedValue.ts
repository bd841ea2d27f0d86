import { BUILT_IN_NAMES } from '../../resolve/definedNames';
import type { Rule } from '../Rule';

export const reservedValue: Rule = {
  name: 'reserved-value',
  what: 'No key of `values` is `environment`, `region`, `account` or `partition`.',
  example: 'the value "region" would hide the built-in {region}',
  *check({ written }) {
    for (const [key, { values = {} }] of Object.entries(written.environments)) {
      for (const name of BUILT_IN_NAMES) {
        if (!(name in values)) continue;
        yield {
          path: ['environments', key, 'values', name],
          message: `the value "${name}" would hide the built-in {${name}}`,
          hint: `Give it another name, such as my-${name}, here and where it is used.`,
          at: 'key',
        };
      }
    }
  },
};
