import type { PolicyDocument } from '../../iam/PolicyDocument';
import { managedPolicy } from '../../inventory/aws/managedPolicies';
import type { SandboxSeed, SeedAddon, SeedAssociation, SeedCluster, SeedPolicy, SeedRole } from '../../sandbox/Seed';
import { partitionOf } from '../../sandbox/world/arns';
import type { EstateAccount, EstateCluster, ExistingEstate } from './existingEstateSchema';

/**
 * The seed of an estate without errors.
 *
 * @param ambientAccount for an estate that names no account for credentials
 * @param now the start of the sandbox
 */
export function estateSeed(estate: ExistingEstate, ambientAccount: string, now: Date): SandboxSeed {
  const accounts = Object.entries(estate.accounts);
  return {
    ambientAccount: estate.credentials ?? ambientAccount,
    accounts: accounts.map(([id]) => id),
    clusters: accounts.flatMap(([id, { clusters = [] }]) => clusters.map((cluster) => seedCluster(id, cluster))),
    roles: accounts.flatMap(([id, account]) => seedRoles(id, account, now)),
    policies: accounts.flatMap(([id, account]) => seedPolicies(id, account)),
    oidcProviders: accounts.flatMap(([account, { oidcProviders = [] }]) =>
      oidcProviders.map((issuer) => ({ account, issuer })),
    ),
    ...(estate.organisations === undefined ? {} : { organisations: estate.organisations }),
    analyzers: accounts.flatMap(([account, { analyzers = [] }]) =>
      analyzers.map(({ days = 90, ...one }) => ({ account, days, ...one })),
    ),
    quotas: Object.fromEntries(accounts.map(([id, { quotas = {} }]) => [id, quotas])),
  };
}

/** The partition of an account is that of the region of its clusters. */
function partitionOfAccount({ clusters = [] }: EstateAccount): string {
  return partitionOf(clusters[0]?.region ?? 'us-east-1');
}

/** The ARN of a managed policy as an estate writes it: an ARN, or the name of a policy of AWS with or without its path. */
export function policyArnOf(account: EstateAccount, written: string): string {
  if (written.startsWith('arn:')) return written;
  return `arn:${partitionOfAccount(account)}:iam::aws:policy/${managedPolicy(written) ?? written}`;
}

function seedPolicies(id: string, account: EstateAccount): SeedPolicy[] {
  return Object.entries(account.policies ?? {}).map(([name, { document }]) => ({
    arn: `arn:${partitionOfAccount(account)}:iam::${id}:policy/${name}`,
    document: document as unknown as PolicyDocument,
  }));
}

function seedRoles(id: string, account: EstateAccount, now: Date): SeedRole[] {
  return Object.entries(account.roles ?? {}).map(([name, role]) => {
    const { trust, inlinePolicies, managedPolicies = [], lastUsed, used, createdAt, ...rest } = role;
    return {
      ...rest,
      account: id,
      name,
      trust: trust as unknown as PolicyDocument,
      ...(inlinePolicies === undefined
        ? {}
        : { inline: inlinePolicies as unknown as Readonly<Record<string, PolicyDocument>> }),
      ...(lastUsed === undefined ? {} : { lastUsed: lastUsed === 'now' ? now.toISOString() : lastUsed }),
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(used === undefined
        ? {}
        : {
            used: Object.fromEntries(
              Object.entries(used).map(([action, at]) => [action, at === 'now' ? now.toISOString() : at]),
            ),
          }),
      attached: managedPolicies.map((policy) => policyArnOf(account, policy)),
    };
  });
}

function seedCluster(account: string, cluster: EstateCluster): SeedCluster {
  const { nodeRole, addons = [], associations = [], objects = [], ...rest } = cluster;
  return {
    ...rest,
    account,
    ...(nodeRole === undefined ? {} : { nodeRoleArn: nodeRole }),
    addons: addons.map(({ associations: owned, ...addon }): SeedAddon => ({
      ...addon,
      ...(owned === undefined ? {} : { podIdentityAssociations: owned }),
    })),
    associations: associations.map(({ policy, ...association }): SeedAssociation => ({
      ...association,
      ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
    })),
    manifests: objects,
  };
}
