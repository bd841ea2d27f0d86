import { accountRootArn } from '../blueprint/arns';
import type { Blueprint } from '../blueprint/Blueprint';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Environment, Inventory, Partition } from '../inventory/Inventory';
import type { SandboxSeed, SeedCluster, SeedRole } from '../sandbox/Seed';
import { adoptedParts } from './seed/adoptedParts';
import { adoptedRole } from './seed/adoptedRole';
import { clusterNodes } from './seed/clusterNodes';
import { customerPolicies } from './seed/customerPolicies';
import { raisedQuotas } from './seed/raisedQuotas';
import { existingServiceAccounts } from './seed/serviceAccounts';
import { standingStage } from './seed/standingStage';

/** Where the operator's own credentials are from when every account of the inventory has a deploy role. */
const OPERATIONS_ACCOUNT = '999999999999';

/**
 * What stands in AWS before podlift's first apply: the clusters, the OIDC providers that exist, the roles of the accounts, the roles to
 * adopt as IRSA left them, the customer-managed policies that the inventory names, and raised quotas.
 * What stands twice in the inventory (a cluster, an account's role, a role) is there once, as it is named first.
 */
export function sandboxSeed(inventory: Inventory, blueprints: readonly Blueprint[]): SandboxSeed {
  const ambientAccount =
    inventory.accounts.find(({ deployRole }) => deployRole === undefined)?.id ?? OPERATIONS_ACCOUNT;
  const adopted = inventory.environments.flatMap((environment) => adoptedRoles(inventory, environment));
  const roles = [...accountRoles(inventory, ambientAccount), ...adopted];
  return {
    ambientAccount,
    clusters: firstOf(clustersOf(inventory, blueprints), ({ account, region, name }) => [account, region, name]),
    oidcProviders: inventory.environments.flatMap(existingProvidersOf),
    // IAM tells names apart by more than their case.
    roles: firstOf(roles, ({ account, name }) => [account, name.toLowerCase()]),
    policies: customerPolicies(blueprints),
    quotas: raisedQuotas(inventory),
  };
}

function clustersOf(inventory: Inventory, blueprints: readonly Blueprint[]): SeedCluster[] {
  const blueprintOf = new Map(blueprints.map((blueprint) => [blueprint.environment, blueprint]));
  return inventory.environments.flatMap((environment) => {
    const { key, account, clusters, workloads } = environment;
    const blueprint = blueprintOf.get(key);
    return clusters.map((cluster) => ({
      account: account.id,
      name: cluster.name,
      region: cluster.region,
      version: cluster.version,
      autoMode: cluster.autoMode,
      ...(cluster.oidc === undefined ? {} : { issuer: cluster.oidc.issuer }),
      nodes: clusterNodes(cluster, workloads),
      ...adoptedParts(cluster, blueprint),
      // A team has the namespaces of its workloads before podlift comes; Terraform's provider makes none.
      namespaces: [
        ...new Set(workloads.filter(({ clusters: on }) => on.includes(cluster.key)).map(({ namespace }) => namespace)),
      ],
      ...(blueprint === undefined
        ? {}
        : { serviceAccounts: existingServiceAccounts(inventory, environment, cluster, blueprint) }),
    }));
  });
}

function existingProvidersOf({ account, clusters }: Environment) {
  return clusters.flatMap(({ oidc }) =>
    oidc !== undefined && (oidc.provider === 'existing' || oidc.adopt)
      ? [{ account: account.id, issuer: oidc.issuer }]
      : [],
  );
}

function accountRoles({ accounts }: Inventory, ambientAccount: string): SeedRole[] {
  const arns = accounts.flatMap(({ deployRole = [], readRole = [] }) => [deployRole, readRole].flat());
  return arns.map((arn) => {
    const { partition, account, path, name } = roleArnParts(arn);
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(partition, ambientAccount) },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    };
    return { account, name, path, trust, attached: [`arn:${partition}:iam::aws:policy/AdministratorAccess`] };
  });
}

function adoptedRoles(inventory: Inventory, environment: Environment): SeedRole[] {
  return environment.workloads
    .filter(({ role }) => role.adopt)
    .map((workload) => adoptedRole(environment, workload, standingStage(inventory, environment, workload)));
}

function firstOf<T>(entries: readonly T[], keyOf: (entry: T) => readonly string[]): T[] {
  const first = new Map<string, T>();
  for (const entry of entries) {
    const key = JSON.stringify(keyOf(entry));
    if (!first.has(key)) first.set(key, entry);
  }
  return [...first.values()];
}

function roleArnParts(arn: string): { partition: Partition; account: string; path: string; name: string } {
  const [, partition = 'aws', , , account = '', resource = ''] = arn.split(':');
  const path = resource.slice('role'.length, resource.lastIndexOf('/') + 1);
  return { partition: partition as Partition, account, path, name: resource.slice(resource.lastIndexOf('/') + 1) };
}
