import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { SandboxSeed, SeedPolicy, SeedRole } from '../Seed';
import { parseArn } from '../../iam/Arn';
import { iamArn, partitionOf } from './arn';
import { accountOf, roleByArn } from './findState';
import { isAwsManaged } from './isAwsManaged';
import { newUniqueId } from './newId';
import { recordOf } from './recordOf';
import { namedEntities } from './namedEntities';
import { newCluster } from './newCluster';
import type { RoleState, World } from './World';

const STS_AUDIENCE = 'sts.amazonaws.com';

/** The world that a seed describes. Throws for an ARN in the seed that is none, or a cluster or role that stands there twice. */
export function createWorld(seed: SandboxSeed, time: Date): World {
  const now = time.toISOString();
  const world: World = { version: 1, ambientAccount: seed.ambientAccount, accounts: recordOf(), clusters: recordOf() };
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
  for (const account of Object.values(world.accounts)) {
    for (const role of Object.values(account.roles)) tieTrust(world, role);
  }
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

/** A role or user that a seed's trust policy names and that is not there counts as deleted: one made later is another. */
function tieTrust(world: World, role: RoleState): void {
  const named = namedEntities(JSON.parse(role.trust) as PolicyDocument);
  role.trustedIds = Object.fromEntries(named.map((arn) => [arn, roleByArn(world, arn)?.id ?? newUniqueId('AROA')]));
}

/** Managed policies that a role of the seed uses must be there, as IAM would have asked for them. */
function requirePolicies(world: World, role: SeedRole, arn: string): void {
  const used = [
    ...(role.attached ?? []),
    ...(role.permissionsBoundary === undefined ? [] : [role.permissionsBoundary]),
  ];
  const { policies } = accountOf(world, role.account);
  const missing = used.find((policy) => !isAwsManaged(policy) && policies[policy.toLowerCase()] === undefined);
  if (missing !== undefined)
    throw new Error(`NoSuchEntity: role ${arn} of the seed uses ${missing}, which the seed does not have`);
}

function addRole(world: World, role: SeedRole, partition: string, now: string): void {
  const { roles } = accountOf(world, role.account);
  const arn = iamArn(partition, role.account, 'role', role.name, role.path ?? '/');
  if (roles[role.name.toLowerCase()] !== undefined) throw new Error(`the seed has role ${arn} twice`);
  requirePolicies(world, role, arn);
  roles[role.name.toLowerCase()] = {
    name: role.name,
    id: newUniqueId('AROA'),
    path: role.path ?? '/',
    arn,
    createdAt: now,
    trust: JSON.stringify(role.trust),
    trustedIds: {},
    ...(role.description === undefined ? {} : { description: role.description }),
    maxSessionDuration: role.maxSessionDuration ?? 3600,
    ...(role.permissionsBoundary === undefined ? {} : { boundary: role.permissionsBoundary }),
    tags: { ...role.tags },
    inline: recordOf(Object.entries(role.inline ?? {}).map(([name, document]) => [name, JSON.stringify(document)])),
    attached: [...(role.attached ?? [])],
  };
}
