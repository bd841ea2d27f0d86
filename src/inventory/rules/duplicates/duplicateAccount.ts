import type { Rule } from '../Rule';

/** One account has one key: what is counted and told apart by account would otherwise go wrong. */
export const duplicateAccount: Rule = {
  name: 'duplicate-account',
  severities: ['error'],
  what: 'An account id stands under one key.',
  example: '111111111111 is account "apps-dev" already',
  *check({ inventory }) {
    const keys = new Map<string, string>();
    for (const { key, id } of inventory.accounts) {
      const first = keys.get(id);
      if (first === undefined) {
        keys.set(id, key);
        continue;
      }
      yield {
        path: ['accounts', key, 'id'],
        message: `${id} is account "${first}" already`,
        hint: `Correct the id, or remove "${key}" and name "${first}" in its place.`,
      };
    }
  },
};
