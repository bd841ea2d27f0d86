import type { SandboxState } from './api/SandboxState';
import type { SandboxSeed, SeedCluster, SeedManifest, SeedServiceAccount } from './Seed';
import { clusterByName, type ClusterState } from './world/World';
import { annotateServiceAccount } from './kubernetes/addonObjects';
import { createObject, ownedBy } from './kubernetes/writeObject';
import { textAt } from './kubernetes/json';
import { rememberUse } from './iam/usedActions';
import { findObject } from './kubernetes/objects';
import { resourcesOf } from './kubernetes/customResources';
import { apiVersionOf, podSpecOf, type Resource } from './kubernetes/resources';
import { namespaceOf, writeServiceAccount } from './kubernetes/serviceAccounts';

/** Adds the parts of a seed that need a running sandbox: Kubernetes objects, and the last use of roles. */
export function seedState(state: SandboxState, seed: SandboxSeed, newClusters: readonly string[]): void {
  for (const cluster of seed.clusters) {
    const found = clusterByName(state.world, cluster.account, cluster.region, cluster.name);
    if (found !== undefined && newClusters.includes(found.arn)) seedObjects(state, found, cluster);
  }
  for (const { account, name, lastUsed, used = {} } of seed.roles ?? []) {
    const role = state.world.accounts[account]?.roles[name.toLowerCase()];
    const Region = seed.clusters.find((cluster) => cluster.account === account)?.region ?? 'us-east-1';
    if (role !== undefined && lastUsed !== undefined)
      state.lastUsed.set(role.id, { LastUsedDate: new Date(lastUsed), Region });
    for (const [action, at] of Object.entries(role === undefined ? {} : used))
      rememberUse(state, role?.id ?? '', { action, at: new Date(at), region: Region });
  }
}

/**
 * Adds the Kubernetes objects of a seed to a cluster: namespaces and service accounts, then the annotations of add-ons, then the manifests in
 * their order. Throws for a manifest of an unknown kind, a duplicate manifest, and a manifest without its service account.
 */
function seedObjects(state: SandboxState, cluster: ClusterState, seed: SeedCluster): void {
  const time = state.clock();
  for (const name of seed.namespaces ?? []) namespaceOf(cluster, name, time);
  for (const account of seed.serviceAccounts ?? []) seedServiceAccount(cluster, account, time);
  for (const addon of Object.values(cluster.addons)) {
    if (addon.serviceAccountRoleArn !== undefined) annotateServiceAccount(cluster, addon, time);
  }
  for (const manifest of seed.manifests ?? []) seedManifest(state, cluster, manifest);
}

function seedServiceAccount(cluster: ClusterState, account: SeedServiceAccount, time: Date): void {
  const { imagePullSecrets = [], ...rest } = account;
  const secrets = imagePullSecrets.map((name) => ({ name }));
  writeServiceAccount(cluster, { ...rest, ...(secrets.length === 0 ? {} : { imagePullSecrets: secrets }) }, time);
}

function resourceOfManifest(cluster: ClusterState, { apiVersion, kind, metadata }: SeedManifest): Resource {
  const found = resourcesOf(cluster).find(
    (resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion,
  );
  if (found === undefined)
    throw new Error(`the seed has ${metadata.name}, a ${kind} of ${apiVersion}, which the sandbox does not know`);
  return found;
}

function seedManifest(state: SandboxState, cluster: ClusterState, manifest: SeedManifest): void {
  const resource = resourceOfManifest(cluster, manifest);
  const namespace = resource.namespaced ? (manifest.metadata.namespace ?? 'default') : undefined;
  if (namespace !== undefined) {
    namespaceOf(cluster, namespace, state.clock());
    requireServiceAccount(cluster, manifest, namespace);
  }
  const own = ownedBy({ manager: 'kubectl-create', time: state.clock() });
  createObject(state, cluster, resource, namespace, structuredClone(manifest), own, false);
}

/** Without the service account a controller would create no pods, without a message. */
function requireServiceAccount(cluster: ClusterState, manifest: SeedManifest, namespace: string): void {
  const { kind, metadata } = manifest;
  const name = kind === 'Pod' ? undefined : textAt(podSpecOf(kind, manifest), 'serviceAccountName');
  if (name === undefined || findObject(cluster, 'serviceaccounts', namespace, name) !== undefined) return;
  throw new Error(
    `the seed's ${kind} ${namespace}/${metadata.name} uses service account ${name}, which the seed does not have`,
  );
}
