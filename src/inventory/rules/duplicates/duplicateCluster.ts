import { clustersOf, repeated, type Rule } from '../Rule';

/** Two environments with one cluster would both create its agent and their associations. */
export const duplicateCluster: Rule = {
  name: 'duplicate-cluster',
  what: 'A cluster (account, region and name) occurs once in all environments together.',
  example: 'cluster prod-main of account apps-prod in us-west-2 is already environments.prod.clusters.main',
  *check(model) {
    // Compares account keys: an id with two keys has a finding already.
    const clusters = repeated(clustersOf(model), ({ environment, cluster: { region, name } }) =>
      JSON.stringify([environment.account.key, region, name]),
    );
    for (const { item, first } of clusters) {
      const { environment, cluster } = item;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key, 'name'],
        message: `cluster ${cluster.name} of account ${environment.account.key} in ${cluster.region} is already environments.${first.environment.key}.clusters.${first.cluster.key}`,
        hint: 'Correct the name or the region, or remove one of the two and move its workloads to the other.',
      };
    }
  },
};
