import type { Rule } from '../Rule';

/** Two stacks that write the same cluster undo each other's annotations. */
export const duplicateContext: Rule = {
  name: 'duplicate-context',
  severities: ['error'],
  what: 'Each cluster has a `kubernetes.context` of its own.',
  example: 'context prod-main is that of environments.prod.clusters.main already',
  *check({ inventory }) {
    const known = new Map<string, string>();
    for (const { key: environment, clusters } of inventory.environments) {
      for (const { key, kubernetes } of clusters) {
        if (kubernetes === undefined) continue;
        const place = `environments.${environment}.clusters.${key}`;
        const first = known.get(kubernetes.context);
        if (first === undefined) {
          known.set(kubernetes.context, place);
          continue;
        }
        yield {
          path: ['environments', environment, 'clusters', key, 'kubernetes', 'context'],
          message: `context ${kubernetes.context} is that of ${first} already`,
          hint: 'Name the context of this cluster: both stacks would write the same service accounts.',
        };
      }
    }
  },
};
