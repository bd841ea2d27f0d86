import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { fits } from '../../inventory/formats/Format';
import { clusterName } from '../../inventory/formats/clusterFormats';
import { didYouMean, listed } from '../../inventory/suggest';
import { newCluster } from '../../operations/discover/proposedCluster';
import { withCredentials } from '../../operations/discover/withCredentials';
import { UsageError } from '../UsageError';

/** What is to be looked at. */
export interface DiscoverRequest {
  readonly environment: Environment;
  /** One of the environment's, or a new one of this name. */
  readonly cluster: Cluster;
}

/**
 * The environment (`--environment`, else `PODLIFT_ENVIRONMENT`, else the only one) and the cluster that an operator means: its key, its EKS name, or the name of
 * one that the inventory does not have. Throws `UsageError` for a name that cannot be one, and where it is not said which.
 */
export function discoverRequest(
  { environments }: Inventory,
  environment: string | undefined,
  cluster: string | undefined,
): DiscoverRequest {
  const known = environments.map(({ key }) => key);
  const asked =
    environment === undefined
      ? requestedEnvironments(known)
      : requestedEnvironments(known, environment, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  const [only, ...others] = environments.filter(({ key }) => asked.environments.includes(key));
  if (only === undefined || others.length > 0)
    throw new UsageError(`name the environment: --environment ${known.join(' | ')}`);
  const keys = only.clusters.map(({ key }) => key);
  if (cluster === undefined)
    throw new UsageError(`name the cluster: --cluster <key, or the name in EKS>; ${clustersText(only)}`);
  const found = only.clusters.find(({ key }) => key === cluster) ?? only.clusters.find(({ name }) => name === cluster);
  if (found) return { environment: only, cluster: found };
  if (!fits(clusterName, cluster))
    throw new UsageError(
      `"${cluster}" is neither a cluster's key nor a name in EKS: ${didYouMean(cluster, keys)}${clustersText(only)}`,
    );
  return { environment: only, cluster: newCluster(only, cluster) };
}

/** The clusters of an environment by their keys, and how to see those of the account. */
function clustersText({ key, clusters, account, region }: Environment): string {
  const known =
    clusters.length === 0
      ? `the inventory has none of ${key} yet`
      : `clusters of ${key}: ${listed(clusters.map((one) => one.key))}`;
  return [
    `${known}; those of its account:`,
    ...withCredentials(account, [`aws eks list-clusters --region ${region}`]),
  ].join('\n');
}
