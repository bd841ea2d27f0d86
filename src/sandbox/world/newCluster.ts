import { createHash, randomUUID } from 'node:crypto';
import { ADDON_CATALOGUE, partsOf } from '../eks/addonCatalogue';
import type { SeedAddon, SeedCluster, SeedNode } from '../Seed';
import { partitionOf } from './arn';
import { newAddon } from './newAddon';
import { newAssociation, type NewAssociation } from './newAssociation';
import { recordOf } from './recordOf';
import type { ClusterState } from './World';

/**
 * The issuer of a cluster that states none: EKS's own form, with an id made from the cluster's ARN, so that it is the
 * same at every start.
 */
function issuerOf(cluster: SeedCluster, arn: string): string {
  const id = createHash('sha256').update(arn).digest('hex').slice(0, 32).toUpperCase();
  return `https://oidc.eks.${cluster.region}.amazonaws.com/id/${id}`;
}

/** Nodes that nobody described: one, of the kind that the cluster runs its pods on. */
function nodesOf({ autoMode, nodes }: SeedCluster): readonly SeedNode[] {
  if (nodes !== undefined) return nodes;
  return [
    autoMode === true ? { name: 'i-0123456789abcdef0', compute: 'auto' } : { name: 'ip-10-0-0-1', compute: 'ec2' },
  ];
}

/**
 * A cluster as a seed says that it is, without the objects of its Kubernetes API. `now` is ISO 8601. Throws for an add-on that the
 * sandbox does not know or that stands there twice, and for a second association of a service account.
 */
export function newCluster(seed: SeedCluster, now: string): ClusterState {
  const arn = `arn:${partitionOf(seed.region)}:eks:${seed.region}:${seed.account}:cluster/${seed.name}`;
  const cluster: ClusterState = {
    arn,
    account: seed.account,
    name: seed.name,
    region: seed.region,
    version: seed.version,
    issuer: (seed.issuer ?? issuerOf(seed, arn)).replace(/\/$/, ''),
    autoMode: seed.autoMode ?? false,
    createdAt: now,
    tags: recordOf(),
    addons: recordOf(),
    associations: recordOf(),
    updates: recordOf(),
    nodes: nodesOf(seed),
    nodeGroups: (seed.nodeGroups ?? []).map(({ name, nodeRole }) => {
      return { name, nodeRole, arn: `${arn.replace(':cluster/', ':nodegroup/')}/${name}/${randomUUID()}` };
    }),
    ...(seed.nodeRoleArn === undefined ? {} : { nodeRoleArn: seed.nodeRoleArn }),
    objects: recordOf(),
    objectVersion: 0,
  };
  const taken = new Set<string>();
  for (const association of seed.associations ?? []) addAssociation(cluster, association, taken, now);
  for (const addon of seed.addons ?? []) addAddon(cluster, addon, taken, now);
  return cluster;
}

function addAssociation(
  cluster: ClusterState,
  wanted: NewAssociation,
  taken: Set<string>,
  now: string,
  owner?: string,
): string {
  const key = `${wanted.namespace}/${wanted.serviceAccount}`;
  if (taken.has(key)) throw new Error(`the seed has two associations of ${key} on ${cluster.arn}`);
  taken.add(key);
  const association = newAssociation(cluster, wanted, now, owner);
  cluster.associations[association.id] = association;
  return association.arn;
}

function addAddon(cluster: ClusterState, seed: SeedAddon, taken: Set<string>, now: string): void {
  const { name, version, configuration, serviceAccountRoleArn, podIdentityAssociations = [], tags } = seed;
  const known = ADDON_CATALOGUE.find((addon) => addon.name === name);
  if (known === undefined) throw new Error(`the seed has the add-on ${name}, which the sandbox does not know`);
  if (cluster.addons[name] !== undefined) throw new Error(`the seed has add-on ${name} twice on ${cluster.arn}`);
  const wanted = {
    name,
    version: version ?? known.versions.at(-1) ?? '',
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configuration === undefined ? {} : { configurationValues: configuration }),
    ...(tags === undefined ? {} : { tags }),
  };
  const addon = newAddon(cluster, wanted, now);
  const namespace = partsOf(name)?.namespace ?? 'kube-system';
  addon.associations = podIdentityAssociations.map((association) =>
    addAssociation(cluster, { ...association, namespace }, taken, now, addon.arn),
  );
  cluster.addons[name] = addon;
}
