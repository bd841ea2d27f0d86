import { subjectName, subjectsOn } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import type { PlacedWorkload } from '../../resolve/Model';
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
    const named = placed.flatMap(({ workload, environment, clusters, at }) =>
      clusters.flatMap((cluster) =>
        subjectsOn(workload, cluster)
          .filter(({ isExpanded }) => isExpanded !== true)
          .map((subject) => ({
            workload,
            cluster,
            path: at(...subjectField(subject)),
            name: subjectName(subject),
            // Compares cluster keys: a cluster with two entries has a finding already.
            on: `${environment.key} ${cluster.key}`,
            isExpanded: false,
          })),
      ),
    );
    for (const { item, first } of repeated([...named, ...expandedIn(placed)], ({ on, name }) => `${on} ${name}`)) {
      const who = `service account ${item.name} of cluster ${item.cluster.name}`;
      const again = item.workload.key === first.workload.key;
      const twice = item.isExpanded
        ? `${who} is already ${first.isExpanded ? 'in the list' : 'a subject'} of workload "${first.workload.key}"`
        : `${who} is twice in the subjects of workload "${first.workload.key}"`;
      const own = again
        ? 'Remove one of the two, or give them different clusters.'
        : 'Give one of the workloads its own service account, or make them one workload with `subjects`.';
      yield {
        path: item.path,
        message: again ? twice : `${who} already belongs to workload "${first.workload.key}"`,
        hint: item.isExpanded ? 'Remove the entry: `podlift expand` leaves out what another entry names.' : own,
      };
    }
  },
};

/** The accounts of `expanded`, each with its own place. */
function expandedIn(placed: readonly PlacedWorkload[]) {
  return placed.flatMap(({ workload, environment, clusters, expanded = [] }) =>
    expanded.flatMap(({ cluster: key, namespace, serviceAccount: name, path }) => {
      const cluster = clusters.find((one) => one.key === key);
      if (cluster === undefined) return [];
      const on = `${environment.key} ${key}`;
      return [{ workload, cluster, path, name: subjectName({ namespace, name }), on, isExpanded: true }];
    }),
  );
}
