import { didYouMean, listed } from '../../suggest';
import type { Defined } from '../../resolve/Model';
import type { Segments } from '../../Finding';
import type { RuleFinding, Rule } from '../Rule';

/**
 * Not every environment needs each cluster: a workload runs only where its clusters exist.
 */
export const unknownCluster: Rule = {
  name: 'unknown-cluster',
  what: "Each entry of a workload's `clusters` is the key of a cluster in at least one of its environments.",
  example: 'no environment of this workload has a cluster "mian": did you mean "main"?',
  *check({ written, defined }) {
    for (const [key, { environments, clusters, overrides = {} }] of Object.entries(written.workloads)) {
      const selected = environments?.filter((environment) => defined.environments.has(environment)) ?? [
        ...defined.environments,
      ];
      yield* unknown(clusters, selected, defined, ['workloads', key, 'clusters']);
      for (const [environment, override] of Object.entries(overrides)) {
        if (!defined.environments.has(environment)) continue;
        yield* unknown(override.clusters, [environment], defined, [
          'workloads',
          key,
          'overrides',
          environment,
          'clusters',
        ]);
      }
    }
  },
};

function* unknown(
  clusters: readonly string[] | undefined,
  environments: readonly string[],
  defined: Defined,
  path: Segments,
): Generator<RuleFinding> {
  if (!clusters || environments.length === 0) return;
  const known = new Set(environments.flatMap((environment) => [...(defined.clusters.get(environment) ?? [])]));
  for (const [index, cluster] of clusters.entries()) {
    if (known.has(cluster)) continue;
    const where =
      environments.length === 1 ? `environment "${environments.join()}"` : 'no environment of this workload';
    const verb = environments.length === 1 ? 'has no cluster' : 'has a cluster';
    yield {
      path: [...path, index],
      message: `${where} ${verb} "${cluster}": ${didYouMean(cluster, known)}clusters: ${listed(known)}`,
      hint: "Write the cluster's key under the environment's `clusters`, not its EKS name.",
    };
  }
}
