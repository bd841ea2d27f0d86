import { mergeOverrides } from '../../resolve/mergeOverrides';
import { managedOn } from '../../resolve/managedOn';
import type { Rule } from '../Rule';

/** Terraform creates an account, or imports one that exists: the entry says which. */
export const serviceAccountAdoption: Rule = {
  name: 'service-account-adoption',
  severities: ['error'],
  what: '`serviceAccount.adopt` stands with `manage: create`, and `manage: create` of the account `default` needs it.',
  example: 'service account media/default exists in every namespace: to create it would fail',
  *check({ placed, written }) {
    for (const { workload, environment, clusters, at } of placed) {
      const { key, namespace, serviceAccount } = workload;
      const { name, manage, adopt = false } = serviceAccount;
      if (adopt && manage !== 'create') {
        yield {
          path: at('serviceAccount', 'adopt'),
          message: `service account ${namespace}/${name} is adopted, but manage is ${manage}: Terraform does not manage the account itself`,
          hint: `Remove adopt, or write manage: create, which imports the account that exists.`,
        };
      }
      if (name !== 'default' || manage !== 'create' || adopt) continue;
      // By default an account is created where there is a context alone.
      const entry = written.workloads[key];
      const isWritten =
        entry && mergeOverrides(entry, entry.overrides?.[environment.key]).serviceAccount.manage === manage;
      if (isWritten !== true && clusters.every((cluster) => managedOn(workload, cluster) !== 'create')) continue;
      yield {
        path: at('serviceAccount'),
        message: `service account ${namespace}/default exists in every namespace: to create it would fail`,
        hint: 'Write serviceAccount: { name: default, manage: create, adopt: true }, or manage: annotate, which sets the annotation only.',
      };
    }
  },
};
