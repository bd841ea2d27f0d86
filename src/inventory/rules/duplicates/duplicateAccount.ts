import { repeated, type Rule } from '../Rule';

/** Two keys of one account would be counted and compared as two accounts. */
export const duplicateAccount: Rule = {
  name: 'duplicate-account',
  what: 'An account id has one key.',
  example: '111111111111 is already account "apps-dev"',
  *check({ inventory }) {
    for (const { item, first } of repeated(inventory.accounts, ({ id }) => id)) {
      yield {
        path: ['accounts', item.key, 'id'],
        message: `${item.id} is already account "${first.key}"`,
        hint: `Correct the id, or remove "${item.key}" and write "${first.key}" instead.`,
      };
    }
  },
};
