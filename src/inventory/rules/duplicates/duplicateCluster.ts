import type { Rule } from '../Rule';

/** One cluster is declared once: two environments would each build its agent and their associations for it. */
export const duplicateCluster: Rule = {
  name: 'duplicate-cluster',
  severities: ['error'],
  what: 'A cluster (account, region and name) stands once in all environments together.',
  example: 'cluster prod-main of account apps-prod in us-west-2 is environments.prod.clusters.main already',
  *check({ inventory }) {
    const declared = new Map<string, string>();
    for (const { key: environment, account, clusters } of inventory.environments) {
      for (const { key, name, region } of clusters) {
        // By the account's key: an id that stands under two keys has a finding of its own.
        const cluster = JSON.stringify([account.key, region, name]);
        const first = declared.get(cluster);
        if (first === undefined) {
          declared.set(cluster, `environments.${environment}.clusters.${key}`);
          continue;
        }
        yield {
          path: ['environments', environment, 'clusters', key, 'name'],
          message: `cluster ${name} of account ${account.key} in ${region} is ${first} already`,
          hint: 'Correct the name or the region, or remove one of the two and move its workloads to the other.',
        };
      }
    }
  },
};
