import type { Placed } from '../resolve/Model';
import type { Rule } from './Rule';

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
      const { namespace, serviceAccount, key } = place.workload;
      for (const cluster of place.clusters) {
        const account = `${namespace}/${serviceAccount.name}`;
        const owner = owners.get(`${cluster.arn} ${account}`);
        if (!owner) {
          owners.set(`${cluster.arn} ${account}`, place);
          continue;
        }
        const other = owner.environment.key === place.environment.key ? '' : ` in environment ${owner.environment.key}`;
        yield {
          path: place.at('serviceAccount'),
          message: `service account ${account} of cluster ${cluster.name} belongs to workload "${owner.workload.key}"${other} already`,
          hint:
            owner.workload.key === key
              ? 'Two environments have this cluster: narrow `environments` or `clusters` of the workload.'
              : 'Give one of the workloads a service account of its own, or make them one workload.',
        };
      }
    }
  },
};
