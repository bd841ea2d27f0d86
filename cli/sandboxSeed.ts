import { accountRootArn } from '../blueprint/arns';
import type { Blueprint } from '../blueprint/Blueprint';
import { sourceTrust } from '../blueprint/sourceTrust';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Environment, Inventory, Partition, Workload } from '../inventory/Inventory';
import type { SandboxSeed, SeedCluster, SeedPolicy, SeedRole } from '../sandbox/Seed';

/** Where the operator's own credentials are from when every account of the inventory is reached by a deploy role. */
const OPERATIONS_ACCOUNT = '999999999999';

/**
 * What stands in AWS before podlift's first apply: the clusters, the OIDC providers that exist, the deploy roles, the roles to
 * adopt as IRSA left them, and the customer-managed policies that the inventory names.
 */
export function sandboxSeed(inventory: Inventory, blueprints: readonly Blueprint[]): SandboxSeed {
  const ambientAccount =
    inventory.accounts.find(({ deployRole }) => deployRole === undefined)?.id ?? OPERATIONS_ACCOUNT;
  return {
    ambientAccount,
    clusters: inventory.environments.flatMap(clustersOf),
    oidcProviders: inventory.environments.flatMap(existingProvidersOf),
    roles: [...deployRoles(inventory, ambientAccount), ...inventory.environments.flatMap(adoptedRolesOf)],
    policies: customerPolicies(blueprints),
  };
}

function clustersOf({ account, clusters }: Environment): SeedCluster[] {
  return clusters.map(({ name, region, version, autoMode, oidc }) => ({
    account: account.id,
    name,
    region,
    version,
    autoMode,
    ...(oidc === undefined ? {} : { issuer: oidc.issuer }),
  }));
}

function existingProvidersOf({ account, clusters }: Environment) {
  return clusters.flatMap(({ oidc }) =>
    oidc?.provider === 'existing' ? [{ account: account.id, issuer: oidc.issuer }] : [],
  );
}

function deployRoles({ accounts }: Inventory, ambientAccount: string): SeedRole[] {
  return accounts.flatMap(({ id, deployRole }) => {
    if (deployRole === undefined) return [];
    const { partition, path, name } = roleArnParts(deployRole);
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: accountRootArn(partition, ambientAccount) },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    };
    return [{ account: id, name, path, trust, attached: [`arn:${partition}:iam::aws:policy/AdministratorAccess`] }];
  });
}

function adoptedRolesOf(environment: Environment): SeedRole[] {
  return environment.workloads.filter(({ role }) => role.adopt).map((workload) => adoptedRole(environment, workload));
}

function adoptedRole(environment: Environment, workload: Workload): SeedRole {
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  const { name, path, permissionsBoundary } = workload.role;
  return {
    account: environment.account.id,
    name,
    path,
    trust: sourceTrust(environment, { ...workload, stage: 'irsa' }, clusters),
    attached: workload.permissions.managedPolicies,
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  };
}

/** Their documents are not in the inventory: a boundary lets everything through here, and an attached policy grants nothing of use. */
function customerPolicies(blueprints: readonly Blueprint[]): SeedPolicy[] {
  const roles = blueprints.flatMap((blueprint) => [...blueprint.roles, ...blueprint.targetRoles]);
  const boundaries = roles.flatMap(({ permissionsBoundary }) => permissionsBoundary ?? []);
  const attached = roles.flatMap(({ managedPolicies }) => managedPolicies);
  const policy = (arn: string, action: string): SeedPolicy => ({
    arn,
    document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } },
  });
  const all = [
    ...attached.map((arn) => policy(arn, 'sts:GetCallerIdentity')),
    ...boundaries.map((arn) => policy(arn, '*')),
  ];
  return [...new Map(all.filter(({ arn }) => isCustomerManaged(arn)).map((entry) => [entry.arn, entry])).values()];
}

function isCustomerManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:policy\//.test(arn);
}

function roleArnParts(arn: string): { partition: Partition; path: string; name: string } {
  const [, partition = 'aws', , , , resource = ''] = arn.split(':');
  const path = resource.slice('role'.length, resource.lastIndexOf('/') + 1);
  return { partition: partition as Partition, path, name: resource.slice(resource.lastIndexOf('/') + 1) };
}
