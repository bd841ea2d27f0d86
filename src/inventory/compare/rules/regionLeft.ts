import type { Environment } from '../../Inventory';
import type { CompareRule } from '../compare';

/**
 * Terraform removes a resource by the provider configuration that made it: "Provider configuration not present" otherwise, and then the whole stack has no
 * plan. Source: https://developer.hashicorp.com/terraform/language/providers/configuration
 */
export const regionLeft: CompareRule = {
  name: 'region-left',
  what: 'When the last cluster of a region leaves an environment, `regions` keeps the region until its resources are removed.',
  example:
    'the last cluster of eu-west-1 leaves prod: without a provider of the region, Terraform cannot remove what is there',
  *check({ environments }) {
    for (const { base, head } of environments.kept) {
      const there = new Set([head.region, ...head.regions, ...head.clusters.map(({ region }) => region)]);
      const gone = new Set(base.clusters.map(({ region }) => region).filter((region) => !there.has(region)));
      const left = [...gone].filter((region) => hasResources(base, region));
      // Each hint has all of them: who follows one after the other would replace the list.
      const regions = [...head.regions, ...left].join(', ');
      for (const region of left) {
        yield {
          path: ['environments', head.key, 'clusters'],
          message: `the last cluster of ${region} leaves ${head.key}: without a provider of the region, Terraform cannot remove what is there`,
          hint: `Write environments.${head.key}.regions: [${regions}], and apply. Then remove ${region} from regions.`,
        };
      }
    }
  },
};

/** Whether Terraform can have an agent, an add-on or an association in a region of an environment. */
function hasResources({ clusters, workloads }: Environment, region: string): boolean {
  return clusters
    .filter((cluster) => cluster.region === region)
    .some(
      ({ key, agent, addons }) =>
        agent !== undefined ||
        addons.length > 0 ||
        workloads.some((workload) => workload.stage !== 'irsa' && workload.clusters.includes(key)),
    );
}
