import { subjectName, subjectsOn } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import { repeated, type Rule } from '../Rule';

/**
 * A service account has one association.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export const duplicateServiceAccount: Rule = {
  name: 'duplicate-service-account',
  what: 'A service account of a cluster belongs to one workload.',
  example: 'service account production/billing of cluster prod-main already belongs to workload "billing"',
  *check({ placed }) {
    const accounts = placed.flatMap(({ workload, environment, clusters, at }) =>
      clusters.flatMap((cluster) =>
        subjectsOn(workload, cluster).map((subject) => ({
          workload,
          cluster,
          path: at(...subjectField(subject)),
          name: subjectName(subject),
          // Compares cluster keys: a cluster with two entries has a finding already.
          on: `${environment.key} ${cluster.key}`,
        })),
      ),
    );
    for (const { item, first } of repeated(accounts, ({ on, name }) => `${on} ${name}`)) {
      const isSame = item.workload.key === first.workload.key;
      yield {
        path: item.path,
        message: isSame
          ? `service account ${item.name} of cluster ${item.cluster.name} is twice in the subjects of workload "${first.workload.key}"`
          : `service account ${item.name} of cluster ${item.cluster.name} already belongs to workload "${first.workload.key}"`,
        hint: isSame
          ? 'Remove one of the two, or give them different clusters.'
          : 'Give one of the workloads its own service account, or make them one workload with `subjects`.',
      };
    }
  },
};
