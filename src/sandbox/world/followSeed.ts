import { accountOf } from './findState';
import type { ClusterState, World } from './World';

/**
 * Brings a saved world up to a seed: what its inventory has gained since is added, and clusters are what it now says they are
 * (issuer, version, Auto Mode, nodes and their roles), since nothing in the sandbox can change those. All else that stands in both is left as it was
 * saved. Gives the saved world.
 */
export function followSeed(saved: World, seeded: World): World {
  saved.ambientAccount = seeded.ambientAccount;
  for (const [arn, cluster] of Object.entries(seeded.clusters)) {
    saved.clusters[arn] = followCluster(saved.clusters[arn], cluster);
  }
  for (const [id, { roles, policies, oidcProviders }] of Object.entries(seeded.accounts)) {
    const account = accountOf(saved, id);
    addTo(account.roles, roles);
    addTo(account.policies, policies);
    addTo(account.oidcProviders, oidcProviders);
  }
  return saved;
}

function followCluster(saved: ClusterState | undefined, seeded: ClusterState): ClusterState {
  if (saved === undefined) return seeded;
  const { issuer, version, autoMode, nodes, nodeGroups = [], nodeRoleArn } = seeded;
  const followed = { ...saved, issuer, version, autoMode, nodes, nodeGroups };
  if (nodeRoleArn === undefined) delete followed.nodeRoleArn;
  else followed.nodeRoleArn = nodeRoleArn;
  return followed;
}

function addTo<T>(saved: Record<string, T>, seeded: Readonly<Record<string, T>>): void {
  for (const [key, value] of Object.entries(seeded)) saved[key] ??= value;
}
