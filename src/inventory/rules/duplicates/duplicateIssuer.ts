import { clustersOf, repeated, type Rule } from '../Rule';
import { showIssuer } from '../../showCommands';

/** With one issuer for two clusters, the pods of one could assume the roles of the other. */
export const duplicateIssuer: Rule = {
  name: 'duplicate-issuer',
  what: 'An OIDC issuer belongs to one cluster.',
  example: 'cluster prod-main (environments.prod.clusters.main) already has this issuer',
  *check(model) {
    for (const { item, first } of repeated(clustersOf(model), ({ cluster }) => cluster.oidc?.issuer)) {
      const { environment, cluster } = item;
      // The same cluster twice has a finding already.
      if (first.cluster.arn === cluster.arn) continue;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key, 'oidc', 'issuer'],
        message: `cluster ${first.cluster.name} (environments.${first.environment.key}.clusters.${first.cluster.key}) already has this issuer`,
        hint: `Copy it from:\n${showIssuer(cluster)}`,
      };
    }
  },
};
