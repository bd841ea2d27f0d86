import { createHash, randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { SandboxSeed, SeedAddon, SeedCluster, SeedNode, SeedPolicy, SeedRole } from '../Seed';
import { findManagedPolicy } from '../api/managedPolicies';
import { catalogueAddon, catalogueObjects } from '../eks/addonCatalogue';
import { defaultAddonVersion } from '../eks/addonVersions';
import { namedAccounts, namedPrincipals } from '../iam/roles';
import { accountOf, type ClusterState, recordOf, roleByArn, type RoleState, type World } from './World';
import { eksClusterArn, iamArn, partitionOf } from './arns';
import { newAddon, newAssociation, type NewAssociation, newUniqueId } from './newEntities';

const STS_AUDIENCE = 'sts.amazonaws.com';

/** The world of a seed. Throws for an invalid ARN and for a duplicate cluster or role. */
export function createWorld(seed: SandboxSeed, time: Date): World {
  const now = time.toISOString();
  const world: World = {
    version: 1,
    ambientAccount: seed.ambientAccount,
    accounts: recordOf(),
    clusters: recordOf(),
    ...(seed.organisations === undefined ? {} : { organisations: seed.organisations }),
  };
  accountOf(world, seed.ambientAccount);
  for (const cluster of seed.clusters) {
    const state = newCluster(cluster, now);
    if (world.clusters[state.arn] !== undefined) throw new Error(`the seed has cluster ${state.arn} twice`);
    world.clusters[state.arn] = state;
    accountOf(world, cluster.account);
  }
  const partitions = new Map(seed.clusters.map((cluster) => [cluster.account, partitionOf(cluster.region)]));
  const partition = (account: string): string => partitions.get(account) ?? 'aws';
  for (const policy of seed.policies ?? []) addPolicy(world, policy, now);
  for (const role of seed.roles ?? []) addRole(world, role, partition(role.account), now);
  const roles = Object.values(world.accounts).flatMap((account) => Object.values(account.roles));
  for (const role of roles) setTrustedIds(world, role);
  const members = (seed.organisations ?? []).flatMap(({ accounts }) => accounts);
  const trusted = roles.flatMap(({ trust }) => namedAccounts(JSON.parse(trust) as PolicyDocument));
  for (const account of [...(seed.accounts ?? []), ...members, ...trusted]) accountOf(world, account);
  for (const { account, issuer } of seed.oidcProviders ?? []) {
    const url = issuer.replace(/^https:\/\//, '').replace(/\/$/, '');
    const arn = iamArn(partition(account), account, 'oidc-provider', url);
    accountOf(world, account).oidcProviders[arn] = {
      arn,
      url,
      createdAt: now,
      clientIds: [STS_AUDIENCE],
      thumbprints: [],
      tags: {},
    };
  }
  return world;
}

function addPolicy(world: World, { arn, document }: SeedPolicy, now: string): void {
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('policy/')) {
    throw new Error(
      `the seed has a policy with the ARN ${JSON.stringify(arn)}; arn:…:iam::ACCOUNT:policy/NAME is needed`,
    );
  }
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1);
  accountOf(world, parts.account).policies[arn.toLowerCase()] = {
    name,
    id: newUniqueId('ANPA'),
    path: parts.resource.slice('policy'.length, -name.length),
    arn,
    createdAt: now,
    updatedAt: now,
    tags: {},
    defaultVersion: 'v1',
    versions: [{ id: 'v1', document: JSON.stringify(document), createdAt: now }],
    lastVersion: 1,
  };
}

/** A principal in a seed's trust policy that does not exist counts as deleted: a role that is created later has another id. */
function setTrustedIds(world: World, role: RoleState): void {
  const named = namedPrincipals(JSON.parse(role.trust) as PolicyDocument);
  role.trustedIds = Object.fromEntries(named.map((arn) => [arn, roleByArn(world, arn)?.id ?? newUniqueId('AROA')]));
}

/** The ARN of a role's managed policy as IAM writes it. It must exist, as IAM requires. */
function requirePolicy(world: World, role: RoleState, account: string, policy: string): string {
  const partition = parseArn(role.arn)?.partition ?? 'aws';
  const found = findManagedPolicy(world, { account, partition }, policy);
  if (found === undefined)
    throw new Error(
      `NoSuchEntity: role ${role.arn} of the seed uses ${policy}, which neither the seed nor the list of AWS's policies has`,
    );
  return found;
}

function addRole(world: World, role: SeedRole, partition: string, now: string): void {
  const { roles } = accountOf(world, role.account);
  const arn = iamArn(partition, role.account, 'role', role.name, role.path ?? '/');
  if (roles[role.name.toLowerCase()] !== undefined) throw new Error(`the seed has role ${arn} twice`);
  const state: RoleState = {
    name: role.name,
    id: newUniqueId('AROA'),
    path: role.path ?? '/',
    arn,
    createdAt: role.createdAt ?? now,
    trust: JSON.stringify(role.trust),
    trustedIds: {},
    ...(role.description === undefined ? {} : { description: role.description }),
    maxSessionDuration: role.maxSessionDuration ?? 3600,
    tags: { ...role.tags },
    inline: recordOf(Object.entries(role.inline ?? {}).map(([name, document]) => [name, JSON.stringify(document)])),
    attached: [],
  };
  const policy = (one: string): string => requirePolicy(world, state, role.account, one);
  state.attached = [...(role.attached ?? []).map(policy), ...(role.attachedUnlisted ?? [])];
  if (role.permissionsBoundary !== undefined) state.boundary = policy(role.permissionsBoundary);
  roles[role.name.toLowerCase()] = state;
}

/**
 * The issuer of a cluster whose seed has none: EKS's format with an id from the cluster's ARN, the same at every start.
 */
function issuerOf(cluster: SeedCluster, arn: string): string {
  const id = createHash('sha256').update(arn).digest('hex').slice(0, 32).toUpperCase();
  return `https://oidc.eks.${cluster.region}.amazonaws.com/id/${id}`;
}

/** The nodes of the seed. Default: one node of the cluster's own kind. */
function nodesOf({ autoMode, nodes }: SeedCluster): readonly SeedNode[] {
  if (nodes !== undefined) return nodes;
  return [
    autoMode === true ? { name: 'i-0123456789abcdef0', compute: 'auto' } : { name: 'ip-10-0-0-1', compute: 'ec2' },
  ];
}

/**
 * The cluster of a seed, without the objects of its Kubernetes API. `now` is ISO 8601. Throws for an unknown or duplicate add-on, and for a
 * second association of a service account.
 */
export function newCluster(seed: SeedCluster, now: string): ClusterState {
  const arn = eksClusterArn(seed.region, seed.account, seed.name);
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
    ...(seed.egress === undefined ? {} : { egress: seed.egress }),
    ...(seed.newerAddonVersions === undefined ? {} : { newerAddonVersions: seed.newerAddonVersions }),
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
  if (catalogueAddon(name) === undefined)
    throw new Error(`the seed has the add-on ${name}, which the sandbox does not know`);
  if (cluster.addons[name] !== undefined) throw new Error(`the seed has add-on ${name} twice on ${cluster.arn}`);
  const wanted = {
    name,
    version: version ?? defaultAddonVersion(name, cluster),
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configuration === undefined ? {} : { configurationValues: configuration }),
    ...(tags === undefined ? {} : { tags }),
  };
  const addon = newAddon(cluster, wanted, now);
  const namespace = catalogueObjects(name)?.namespace ?? 'kube-system';
  addon.associations = podIdentityAssociations.map((association) =>
    addAssociation(cluster, { ...association, namespace }, taken, now, addon.arn),
  );
  cluster.addons[name] = addon;
}
