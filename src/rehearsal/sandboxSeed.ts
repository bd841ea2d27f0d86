import { addonOf as addonOfWorkload } from '../blueprint/addonOf';
import { AGENT_ADDON } from '../blueprint/agents';
import { accountRootArn, roleArn } from '../blueprint/arns';
import type { Addon, Blueprint, Role } from '../blueprint/Blueprint';
import { compileWorkload } from '../blueprint/compileWorkload';
import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import { STAGE_TABLE } from '../blueprint/stageTable';
import { inlinePolicies } from '../comparison/role';
import { listOf, type PolicyDocument, type Statement } from '../iam/PolicyDocument';
import { standingOf } from '../inventory/aws/addonVersions';
import { KNOWN_ADDONS } from '../inventory/aws/knownAddons';
import {
  type Cluster,
  type Environment,
  existedBefore,
  type Inventory,
  type Partition,
  subjectsOn,
  type Workload,
} from '../inventory/Inventory';
import type {
  SandboxSeed,
  SeedAddon,
  SeedAssociation,
  SeedCluster,
  SeedNode,
  SeedPolicy,
  SeedRole,
  SeedServiceAccount,
} from '../sandbox/Seed';
import { namedAccounts } from '../sandbox/iam/roles';
import { DEFAULT_QUOTAS, type Quotas } from '../sandbox/world/quotas';
import { adoptedRole, standingStage } from './adoptedRole';

/** The account of the operator's own credentials when each account of the inventory has a deploy role. */
const OPERATIONS_ACCOUNT = '999999999999';

/**
 * What stands in AWS before podlift's first apply: the clusters, the existing OIDC providers, the roles of the accounts, the adopted roles as IRSA
 * left them, the customer-managed policies that the inventory names, and raised quotas. A cluster or role that the inventory has
 * twice is there once, as the first entry has it.
 */
export function sandboxSeed(inventory: Inventory, blueprints: readonly Blueprint[]): SandboxSeed {
  const ambientAccount = ambientAccountOf(inventory);
  const adopted = inventory.environments.flatMap((environment) => adoptedRoles(inventory, environment));
  const nodes = inventory.environments.flatMap(nodeRoles);
  const roles = [
    ...accountRoles(inventory, ambientAccount),
    ...adopted,
    ...nodes,
    ...trustedRoles(inventory, blueprints),
  ];
  return {
    ambientAccount,
    accounts: accountsOf(inventory, blueprints),
    clusters: firstOf(clustersOf(inventory, blueprints), ({ account, region, name }) => [account, region, name]),
    oidcProviders: inventory.environments.flatMap(existingProvidersOf),
    // Names of roles in IAM must differ by more than their case.
    roles: firstOf(roles, ({ account, name }) => [account, name.toLowerCase()]),
    policies: customerPolicies(blueprints),
    quotas: raisedQuotas(inventory),
  };
}

/** The account of the credentials that commands get on a sandbox of an inventory. */
export function ambientAccountOf({ accounts }: Inventory): string {
  return accounts.find(({ deployRole }) => deployRole === undefined)?.id ?? OPERATIONS_ACCOUNT;
}

/** The accounts of the inventory, and those that its trust policies name: they belong to others, and AWS knows whether they exist. */
function accountsOf({ accounts }: Inventory, blueprints: readonly Blueprint[]): string[] {
  const roles = blueprints.flatMap((blueprint) => [...blueprint.roles, ...blueprint.targetRoles]);
  return [...new Set([...accounts.map(({ id }) => id), ...roles.flatMap(({ trust }) => namedAccounts(trust))])];
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
      ...nodesHaveRole(environment, cluster),
      ...adoptedParts(cluster, blueprint),
      // The namespaces of the workloads exist before podlift: Terraform's provider creates none.
      namespaces: [...new Set(workloads.flatMap((one) => subjectsOn(one, cluster).map(({ namespace }) => namespace)))],
      ...newerAddonVersions(cluster),
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

/** The deploy roles and the read roles of the accounts. */
export function accountRoles({ accounts }: Inventory, ambientAccount: string): SeedRole[] {
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
  const targets = environment.workloads.flatMap((workload) => existingTargets(environment, workload));
  const sources = environment.workloads
    .filter(existedBefore)
    .map((workload) => adoptedRole(environment, workload, standingStage(inventory, environment, workload)));
  return [...sources, ...targets];
}

/** The target roles of a workload that exist: with the trust policy of its stage; an external one with all that the entry says, an adopted one with what it imports. */
function existingTargets(environment: Environment, workload: Workload): SeedRole[] {
  return compileWorkload(environment, workload)
    .targetRoles.filter(({ adopt, manage }) => adopt === true || manage === 'external')
    .map((role): SeedRole => {
      const all = role.manage === 'external';
      const inline = [...inlinePolicies(role)].filter(([name]) => all || role.imports?.inlinePolicies.includes(name));
      return {
        account: role.account.id,
        name: role.name,
        path: role.path,
        trust: role.trust,
        attached: role.managedPolicies.filter((arn) => all || role.imports?.managedPolicies.includes(arn)),
        inline: Object.fromEntries(inline),
      };
    });
}

/**
 * The roles that statements of others name (`keepTrust`, `adoptedTrust`): IAM accepts only principals that exist. They are of other people and have no
 * permissions. Roles that podlift's stacks create are not there yet.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
function trustedRoles({ environments }: Inventory, blueprints: readonly Blueprint[]): SeedRole[] {
  const own = new Set(blueprints.flatMap(({ roles, targetRoles }) => [...roles, ...targetRoles].map(({ arn }) => arn)));
  const statements = environments.flatMap(({ workloads }) =>
    workloads.flatMap(({ role: { keepTrust = [], adoptedTrust }, targets }) => [
      ...keepTrust,
      ...(adoptedTrust?.oidc ?? []),
      ...(adoptedTrust?.podIdentity ?? []),
      ...targets.flatMap(({ role }) => role.keepTrust ?? []),
    ]),
  );
  const named = statements.flatMap(({ Principal, NotPrincipal }) =>
    [Principal, NotPrincipal].flatMap((one) => (typeof one === 'object' ? listOf(one.AWS ?? []) : [])),
  );
  const arns = new Set(named.filter((arn) => /^arn:[^:]+:iam::\d{12}:role\/[^*?]+$/.test(arn) && !own.has(arn)));
  return [...arns].map((arn) => {
    const { partition, account, path, name } = roleArnParts(arn);
    const Principal = { AWS: accountRootArn(partition, account) };
    const trust: PolicyDocument = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' },
    };
    return { account, name, path, trust };
  });
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

/** The adopted agent and add-ons and the imported associations of a cluster: an import of something that does not exist would stop the plan. */
function adoptedParts(
  { key, agent }: Cluster,
  blueprint: Blueprint | undefined,
): Pick<SeedCluster, 'addons' | 'associations'> {
  const { addons = [], associations = [] } = blueprint ?? {};
  const ownAgent: SeedAddon[] =
    agent?.adopt !== true
      ? []
      : [
          {
            name: AGENT_ADDON,
            version: agent.version,
            ...(agent.configuration === undefined ? {} : { configuration: JSON.stringify(agent.configuration) }),
          },
        ];
  return {
    addons: [...ownAgent, ...addons.filter(({ cluster, adopt }) => cluster === key && adopt).map(seedAddon)],
    associations: associations.flatMap((association): SeedAssociation[] => {
      const { cluster, importId, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = association;
      if (cluster !== key || importId === undefined) return [];
      return [
        {
          id: importId,
          namespace,
          serviceAccount,
          roleArn,
          ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
          disableSessionTags,
        },
      ];
    }),
  };
}

/**
 * The versions of the inventory that are newer than podlift's list. `validate` warns of them; a rehearsal takes them, since AWS adds versions. Other
 * unknown versions are refused, as by EKS.
 */
function newerAddonVersions({ version, agent, addons }: Cluster): Pick<SeedCluster, 'newerAddonVersions'> {
  const wanted = [...(agent === undefined ? [] : [{ name: AGENT_ADDON, version: agent.version }]), ...addons];
  const newer = wanted.filter(
    ({ name, version: of }) => standingOf(of, version, KNOWN_ADDONS[name]?.versions ?? []) === 'newer',
  );
  if (newer.length === 0) return {};
  return { newerAddonVersions: Object.fromEntries(newer.map(({ name, version: of }) => [name, [of]])) };
}

function seedAddon({ name, version, configuration, serviceAccountRoleArn, associations }: Addon): SeedAddon {
  return {
    name,
    version,
    ...(configuration === undefined ? {} : { configuration }),
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    podIdentityAssociations: associations,
  };
}

/** Kinds of compute whose pods run on separate nodes. */
const SEPARATE = ['fargate', 'windows', 'hybrid'] as const;

/** The nodes of a cluster: one of its own kind, and one for each other kind that a workload on it needs. */
function clusterNodes({ key, autoMode }: Cluster, workloads: readonly Workload[]): SeedNode[] {
  const needed = new Set(workloads.filter(({ clusters }) => clusters.includes(key)).map(({ compute }) => compute));
  return [
    autoMode
      ? { name: 'ip-10-0-0-1', compute: 'auto' }
      : { name: 'ip-10-0-0-1', compute: 'ec2', labels: { 'eks.amazonaws.com/nodegroup': NODE_GROUP } },
    ...SEPARATE.filter((compute) => needed.has(compute)).map((compute): SeedNode => ({
      name: `${compute}-1`,
      compute,
    })),
  ];
}

/** The managed node group of the node of each cluster without Auto Mode. */
const NODE_GROUP = 'default';

/** The name of the role of a cluster's nodes, as long as IAM allows. Clusters of one account with the same name share it. */
function nodeRoleName({ name }: Cluster): string {
  return `${name.slice(0, 59)}-node`;
}

/** The role of a cluster's nodes, which the agent on them uses: that of its node group, or that of Auto Mode. */
function nodesHaveRole(
  { partition, account }: Environment,
  cluster: Cluster,
): Pick<SeedCluster, 'nodeGroups' | 'nodeRoleArn'> {
  const arn = roleArn(partition, account.id, '/', nodeRoleName(cluster));
  return cluster.autoMode ? { nodeRoleArn: arn } : { nodeGroups: [{ name: NODE_GROUP, nodeRole: arn }] };
}

/**
 * The roles of the nodes, with the policies that EKS recommends. Both policies for workers allow `eks-auth:AssumeRoleForPodIdentity`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html and
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
 */
function nodeRoles({ partition, account, clusters }: Environment): SeedRole[] {
  return clusters.map((cluster) => ({
    account: account.id,
    name: nodeRoleName(cluster),
    trust: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    },
    attached: [
      cluster.autoMode ? 'AmazonEKSWorkerNodeMinimalPolicy' : 'AmazonEKSWorkerNodePolicy',
      'AmazonEC2ContainerRegistryPullOnly',
    ].map((policy) => `arn:${partition}:iam::aws:policy/${policy}`),
  }));
}

/**
 * The service accounts that exist on a cluster before podlift's first apply, as a chart left them: those that podlift only annotates, does not
 * manage or adopts. An add-on creates its own. The account of a role that is on IRSA has the annotation.
 */
function existingServiceAccounts(
  inventory: Inventory,
  environment: Environment,
  cluster: Cluster,
  { roles }: Blueprint,
): SeedServiceAccount[] {
  return environment.workloads
    .flatMap((workload) => subjectsOn(workload, cluster).map((subject) => ({ workload, subject })))
    .filter(({ workload, subject }) => addonOfWorkload(cluster, workload, subject) === undefined)
    .filter(({ subject }) => subject.manage !== 'create' || subject.adopt === true)
    .map(({ workload, subject }): SeedServiceAccount => {
      const { key } = workload;
      const { namespace, name } = subject;
      const arn = roles.find((role) => role.workload === key)?.arn;
      const stage = standingStage(inventory, environment, workload);
      const annotated = stage !== undefined && STAGE_TABLE[stage].annotation && arn !== undefined;
      return {
        namespace,
        name,
        ...(annotated ? { annotations: { [ROLE_ANNOTATION]: arn } } : {}),
        writer: { fieldManager: 'helm' },
      };
    });
}

/** What an attached policy without a known document grants: nothing that a role would need. */
const NO_PERMISSION: Statement = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

const EVERYTHING: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/**
 * The customer-managed policies that roles of the blueprints name. Their documents are not in the inventory. An attached policy grants nothing
 * useful: it must not replace a missing permission. A boundary allows everything. A policy that is both allows what the roles that it bounds
 * have in their own statements, and no more.
 */
function customerPolicies(blueprints: readonly Blueprint[]): SeedPolicy[] {
  const roles = blueprints.flatMap((blueprint): Role[] => [...blueprint.roles, ...blueprint.targetRoles]);
  const attached = new Set(roles.flatMap(({ managedPolicies }) => managedPolicies));
  const bounded = new Map<string, Role[]>();
  for (const role of roles) {
    const { permissionsBoundary: boundary } = role;
    if (boundary !== undefined) bounded.set(boundary, [...(bounded.get(boundary) ?? []), role]);
  }
  const statementsOf = (arn: string): readonly Statement[] => {
    const below = bounded.get(arn);
    if (below === undefined) return [NO_PERMISSION];
    return attached.has(arn) ? [NO_PERMISSION, ...below.flatMap(allowedBy)] : [EVERYTHING];
  };
  return [...new Set([...attached, ...bounded.keys()])].filter(isCustomerManaged).map((arn) => ({
    arn,
    document: { Version: '2012-10-17', Statement: [...statementsOf(arn)] },
  }));
}

function allowedBy({ inline }: Role): Statement[] {
  return listOf(inline?.Statement ?? []).filter(({ Effect }) => Effect === 'Allow');
}

function isCustomerManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:policy\/./.test(arn);
}

/**
 * The raised quotas of the inventory by account id: the highest of the account's environments, as `checkQuotas` reads them. An account without
 * an environment has AWS's defaults.
 */
function raisedQuotas({ environments }: Inventory): NonNullable<SandboxSeed['quotas']> {
  const raised = new Map<string, Partial<Record<keyof Quotas, number>>>();
  for (const { account, quotas } of environments) {
    const known = raised.get(account.id) ?? {};
    for (const [name, value] of Object.entries(quotas)) {
      if (isQuota(name)) known[name] = Math.max(value, known[name] ?? 0);
    }
    raised.set(account.id, known);
  }
  return Object.fromEntries(raised);
}

function isQuota(name: string): name is keyof Quotas {
  return Object.hasOwn(DEFAULT_QUOTAS, name);
}
