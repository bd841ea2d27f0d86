import type { Placed } from '../../resolve/Model';
import type { Rule } from '../Rule';

/**
 * A service account of a cluster belongs to one workload: EKS takes one association for it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export const duplicateServiceAccount: Rule = {
  name: 'duplicate-service-account',
  severities: ['error'],
  what: 'A service account of a cluster belongs to one workload.',
  example: 'service account production/billing of cluster prod-main belongs to workload "billing" already',
  *check({ placed }) {
    const owners = new Map<string, Placed>();
    for (const place of placed) {
      const { namespace, serviceAccount } = place.workload;
      for (const cluster of place.clusters) {
        // By key: a cluster that is declared twice has a finding of its own.
        const declared = `${place.environment.key} ${cluster.key}`;
        const account = `${namespace}/${serviceAccount.name}`;
        const owner = owners.get(`${declared} ${account}`);
        if (!owner) {
          owners.set(`${declared} ${account}`, place);
          continue;
        }
        yield {
          path: place.at('serviceAccount'),
          message: `service account ${account} of cluster ${cluster.name} belongs to workload "${owner.workload.key}" already`,
          hint: 'Give one of the workloads a service account of its own, or make them one workload.',
        };
      }
    }
  },
};
