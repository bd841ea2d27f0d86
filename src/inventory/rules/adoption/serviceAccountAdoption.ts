import { mergeOverrides } from '../../resolve/mergeOverrides';
import { managedOn, subjectName } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import type { Rule } from '../Rule';

export const serviceAccountAdoption: Rule = {
  name: 'service-account-adoption',
  what: '`serviceAccount.adopt` needs `manage: create`. For the account `default`, `manage: create` needs `adopt`.',
  example: 'service account media/default exists in every namespace: creating it would fail',
  *check({ placed, written }) {
    for (const { workload, environment, clusters, at } of placed) {
      for (const subject of workload.subjects) {
        const { name, manage, adopt = false, index } = subject;
        const path = subjectField(subject);
        if (adopt && manage !== 'create') {
          yield {
            path: at(...path, 'adopt'),
            message: `service account ${subjectName(subject)} is adopted, but manage is ${manage}: Terraform does not manage the account itself`,
            hint: 'Remove adopt, or write manage: create, which imports the existing account.',
          };
        }
        if (name !== 'default' || manage !== 'create' || adopt) continue;
        // By default podlift creates an account only on a cluster with a context.
        const entry = written.workloads[workload.key];
        const merged = entry && mergeOverrides(entry, entry.overrides?.[environment.key]);
        const account = index === undefined ? merged?.serviceAccount : merged?.subjects?.[index]?.serviceAccount;
        const creates = clusters.some((cluster) => managedOn(workload, subject, cluster) === 'create');
        if (account?.manage !== manage && !creates) continue;
        yield {
          path: at(...path),
          message: `service account ${subject.namespace}/default exists in every namespace: creating it would fail`,
          hint: 'Write serviceAccount: { name: default, manage: create, adopt: true }, or manage: annotate, which sets the annotation only.',
        };
      }
    }
  },
};
