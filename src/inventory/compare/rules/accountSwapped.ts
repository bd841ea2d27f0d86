import type { CompareRule } from '../CompareRule';

/** A key keeps meaning the same account. */
export const accountSwapped: CompareRule = {
  name: 'account-swapped',
  severities: ['error'],
  what: 'The AWS account behind a key stays the same.',
  example: 'account "data-prod" goes from 444444444444 to 555555555555',
  *check({ accounts }) {
    for (const { base, head } of accounts.kept) {
      if (base.id === head.id) continue;
      yield {
        path: ['accounts', head.key, 'id'],
        message: `account "${head.key}" goes from ${base.id} to ${head.id}: what stands in the old account would no longer be managed, and would be created again in the other`,
        hint: 'Add the other account under a key of its own, and move environments and targets one by one.',
      };
    }
  },
};
