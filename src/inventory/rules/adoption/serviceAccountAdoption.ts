import { mergeOverrides } from '../../resolve/mergeOverrides';
import { managedOn } from '../../Inventory';
import type { Rule } from '../Rule';

export const serviceAccountAdoption: Rule = {
  name: 'service-account-adoption',
  what: '`serviceAccount.adopt` needs `manage: create`. For the account `default`, `manage: create` needs `adopt`.',
  example: 'service account media/default exists in every namespace: creating it would fail',
  *check({ placed, written }) {
    for (const { workload, environment, clusters, at } of placed) {
      const { key, namespace, serviceAccount } = workload;
      const { name, manage, adopt = false } = serviceAccount;
      if (adopt && manage !== 'create') {
        yield {
          path: at('serviceAccount', 'adopt'),
          message: `service account ${namespace}/${name} is adopted, but manage is ${manage}: Terraform does not manage the account itself`,
          hint: 'Remove adopt, or write manage: create, which imports the existing account.',
        };
      }
      if (name !== 'default' || manage !== 'create' || adopt) continue;
      // By default podlift creates an account only on a cluster with a context.
      const entry = written.workloads[key];
      const isWritten =
        entry && mergeOverrides(entry, entry.overrides?.[environment.key]).serviceAccount.manage === manage;
      if (isWritten !== true && clusters.every((cluster) => managedOn(workload, cluster) !== 'create')) continue;
      yield {
        path: at('serviceAccount'),
        message: `service account ${namespace}/default exists in every namespace: creating it would fail`,
        hint: 'Write serviceAccount: { name: default, manage: create, adopt: true }, or manage: annotate, which sets the annotation only.',
      };
    }
  },
};
