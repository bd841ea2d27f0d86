import { clustersOf, repeated, type Rule } from '../Rule';

/** Two stacks for one cluster undo each other's annotations. */
export const duplicateContext: Rule = {
  name: 'duplicate-context',
  what: 'Each cluster has its own `kubernetes.context`.',
  example: 'environments.prod.clusters.main already has context prod-main',
  *check(model) {
    for (const { item, first } of repeated(clustersOf(model), ({ cluster }) => cluster.kubernetes?.context)) {
      const { environment, cluster } = item;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key, 'kubernetes', 'context'],
        message: `environments.${first.environment.key}.clusters.${first.cluster.key} already has context ${cluster.kubernetes?.context ?? ''}`,
        hint: 'Write the context of this cluster: otherwise both stacks change the same service accounts.',
      };
    }
  },
};
