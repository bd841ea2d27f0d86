import type { Rule } from '../Rule';

export const deployRoleAccount: Rule = {
  name: 'deploy-role-account',
  what: 'The `deployRole` and the `readRole` of an account are roles of this account.',
  example: 'deployRole is in account 444444444444, but apps-prod is 333333333333',
  *check({ written }) {
    for (const [key, account] of Object.entries(written.accounts)) {
      const { id } = account;
      for (const field of ['deployRole', 'readRole'] as const) {
        const owner = account[field]?.split(':')[4];
        if (owner === undefined || !/^\d{12}$/.test(owner) || !/^\d{12}$/.test(id) || owner === id) continue;
        yield {
          path: ['accounts', key, field],
          message: `${field} is in account ${owner}, but ${key} is ${id}`,
          hint: `Write the ARN of a role in account ${id}.`,
        };
      }
    }
  },
};
