import type { Rule } from '../Rule';

export const deployRoleAccount: Rule = {
  name: 'deploy-role-account',
  severities: ['error'],
  what: 'The `deployRole` of an account is a role of this account.',
  example: 'deployRole is in account 444444444444, but apps-prod is 333333333333',
  *check({ written }) {
    for (const [key, { id, deployRole }] of Object.entries(written.accounts)) {
      const owner = deployRole?.split(':')[4];
      if (owner === undefined || !/^\d{12}$/.test(owner) || !/^\d{12}$/.test(id) || owner === id) continue;
      yield {
        path: ['accounts', key, 'deployRole'],
        message: `deployRole is in account ${owner}, but ${key} is ${id}`,
        hint: `Write the ARN of a role in account ${id}.`,
      };
    }
  },
};
