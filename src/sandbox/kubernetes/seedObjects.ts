import type { SandboxState } from '../api/SandboxState';
import type { SeedCluster, SeedManifest, SeedServiceAccount } from '../Seed';
import type { ClusterState } from '../world/World';
import { annotateAddon } from './addonObjects';
import { createObject, ownedBy } from './writeObject';
import { textAt } from './json';
import { findObject } from './objects';
import { apiVersionOf, podSpecOf, type Resource, RESOURCES } from './resources';
import { namespaceOf, writeServiceAccount } from './serviceAccounts';

/**
 * Puts what a seed says into a cluster's Kubernetes: namespaces and service accounts first, then the annotations of add-ons, then the manifests in
 * their order. Pods are admitted as the cluster then is. Throws for a manifest of a kind that the sandbox does not have, one that
 * stands there twice, and one whose service account is not there.
 */
export function seedObjects(state: SandboxState, cluster: ClusterState, seed: SeedCluster): void {
  const time = state.clock();
  for (const name of seed.namespaces ?? []) namespaceOf(cluster, name, time);
  for (const account of seed.serviceAccounts ?? []) seedServiceAccount(cluster, account, time);
  for (const addon of Object.values(cluster.addons)) {
    if (addon.serviceAccountRoleArn !== undefined) annotateAddon(cluster, addon, time);
  }
  for (const manifest of seed.manifests ?? []) seedManifest(state, cluster, manifest);
}

function seedServiceAccount(cluster: ClusterState, account: SeedServiceAccount, time: Date): void {
  const { imagePullSecrets = [], ...rest } = account;
  const secrets = imagePullSecrets.map((name) => ({ name }));
  writeServiceAccount(cluster, { ...rest, ...(secrets.length === 0 ? {} : { imagePullSecrets: secrets }) }, time);
}

function resourceOfManifest({ apiVersion, kind, metadata }: SeedManifest): Resource {
  const found = RESOURCES.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
  if (found === undefined)
    throw new Error(`the seed has ${metadata.name}, a ${kind} of ${apiVersion}, which the sandbox does not know`);
  return found;
}

function seedManifest(state: SandboxState, cluster: ClusterState, manifest: SeedManifest): void {
  const resource = resourceOfManifest(manifest);
  const namespace = resource.namespaced ? (manifest.metadata.namespace ?? 'default') : undefined;
  if (namespace !== undefined) {
    namespaceOf(cluster, namespace, state.clock());
    requireServiceAccount(cluster, manifest, namespace);
  }
  const own = ownedBy({ manager: 'kubectl-create', time: state.clock() });
  createObject(state, cluster, resource, namespace, structuredClone(manifest), own, false);
}

/** A controller whose service account is not there would make no pods, and nobody would say why. */
function requireServiceAccount(cluster: ClusterState, manifest: SeedManifest, namespace: string): void {
  const { kind, metadata } = manifest;
  const name = kind === 'Pod' ? undefined : textAt(podSpecOf(kind, manifest), 'serviceAccountName');
  if (name === undefined || findObject(cluster, 'serviceaccounts', namespace, name) !== undefined) return;
  throw new Error(
    `the seed's ${kind} ${namespace}/${metadata.name} uses service account ${name}, which the seed does not have`,
  );
}
