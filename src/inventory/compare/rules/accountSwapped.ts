import type { CompareRule } from '../compare';

export const accountSwapped: CompareRule = {
  name: 'account-swapped',
  what: 'The AWS account behind a key stays the same.',
  example: 'account "data-prod" changes from 444444444444 to 555555555555',
  *check({ accounts }) {
    for (const { base, head } of accounts.kept) {
      if (base.id === head.id) continue;
      yield {
        path: ['accounts', head.key, 'id'],
        message: `account "${head.key}" changes from ${base.id} to ${head.id}: podlift would stop managing the old account, and create everything again in the new one`,
        hint: 'Add the new account with its own key, and move environments and targets one by one.',
      };
    }
  },
};
