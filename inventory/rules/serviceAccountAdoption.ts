import type { Rule } from './Rule';

/** Terraform creates an account, or imports one that exists: the entry says which. */
export const serviceAccountAdoption: Rule = {
  name: 'service-account-adoption',
  severities: ['error'],
  what: '`serviceAccount.adopt` stands with `manage: create`, and `manage: create` of the account `default` needs it.',
  example: 'service account media/default exists in every namespace: to create it would fail',
  *check({ placed }) {
    for (const { workload, at, isReal } of placed) {
      const { namespace, serviceAccount } = workload;
      const { name, manage, adopt = false } = serviceAccount;
      if (adopt && manage !== 'create') {
        yield {
          path: at('serviceAccount', 'adopt'),
          message: `service account ${namespace}/${name} is adopted, but manage is ${manage}: Terraform does not have the account itself`,
          hint: `Remove adopt, or write manage: create, which imports the account that exists.`,
        };
      }
      if (isReal && name === 'default' && manage === 'create' && !adopt) {
        yield {
          path: at('serviceAccount'),
          message: `service account ${namespace}/default exists in every namespace: to create it would fail`,
          hint: 'Write serviceAccount: { name: default, manage: create, adopt: true }, or manage: annotate, which sets the annotation only.',
        };
      }
    }
  },
};
