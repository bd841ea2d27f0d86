import { catalogueResources, groupOf } from '../../../src/catalogue/catalogue';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
} from '../../../src/estate/aws/AwsPort';
import type { Estate, NoValue, Part } from '../../../src/estate/Estate';
import type {
  CustomObjectFacts,
  NodeFacts,
  PodFacts,
  ServiceAccountFacts,
} from '../../../src/estate/kubernetes/KubernetesPort';
import type { Ports } from '../../../src/estate/Ports';
import { ALL, ESTATE_FORMAT } from '../../../src/estate/schema/words';
import type { Cluster, Environment, Inventory } from '../../../src/inventory/Inventory';
import type { DiscoverRequest } from '../../../src/operations/discover/askCluster';
import { discover } from '../../../src/operations/discover/discover';
import type { Proposal } from '../../../src/operations/discover/Proposal';
import { clusterOf, environmentOf, inventoryOf } from '../../blueprint/inventoryOf';
import { addonOf, containerOf, roleFactsOf, serviceAccountOf } from '../facts';
import { ACCOUNT, arnOf, ISSUER, PROVIDER, type Shape, trustOf } from './shapes';

// What AWS and a cluster answer for some shapes, as an Estate and as ports.

export const NOW = new Date('2026-11-21T12:00:00.500Z');

export const MAIN: Cluster = clusterOf({
  key: 'main',
  name: 'prod-main',
  oidc: { issuer: ISSUER, provider: 'existing', adopt: false },
});

/** The cluster's entry where nobody wrote a field. */
export function clusterWithout(field: 'oidc' | 'agent'): Cluster {
  return Object.fromEntries(Object.entries(MAIN).filter(([key]) => key !== field)) as unknown as Cluster;
}

export function inventoryWith(environment: Partial<Environment> = {}, more: Partial<Inventory> = {}): Inventory {
  return { ...inventoryOf(environmentOf({ clusters: [MAIN], workloads: [], ...environment })), ...more };
}

export const answered = <T>(value: T): Answer<T> => ({ ok: true, value });
export const refused = (message = 'AccessDenied'): Answer<never> => ({ ok: false, why: 'denied', message });

interface RoleAnswers {
  readonly facts: Answer<RoleFacts | undefined>;
  readonly policies: Answer<RolePolicyFacts | undefined>;
}

function groupsOf({ customObjects = {} }: Found): readonly string[] {
  return [...new Set(Object.keys(customObjects).map(groupOf))];
}

/** The answers of AWS and of a cluster; roles by ARN. */
export interface Found {
  /** By resource; the cluster has the API groups of these. */
  readonly customObjects?: Readonly<Record<string, readonly CustomObjectFacts[]>>;
  readonly cluster: Answer<ClusterFacts | undefined>;
  readonly contextIssuer: Answer<string>;
  readonly oidcProvider: Answer<OidcProviderFacts | undefined>;
  readonly addons: Answer<readonly AddonFacts[]>;
  readonly associations: Answer<readonly AssociationFacts[]>;
  readonly serviceAccounts: Answer<readonly ServiceAccountFacts[]>;
  readonly pods: Answer<readonly PodFacts[]>;
  readonly nodes: Answer<readonly NodeFacts[]>;
  readonly roles: Readonly<Record<string, RoleAnswers>>;
  /** The document of every managed policy. */
  readonly managedPolicy: Answer<ReturnType<typeof trustOf>>;
}

export const noRole: RoleAnswers = { facts: answered(undefined), policies: answered(undefined) };
export const refusedRole = (message?: string): RoleAnswers => ({ facts: refused(message), policies: refused(message) });

export function roleAnswers({ role }: Pick<Shape, 'role'>, parts: Partial<RoleAnswers> = {}): RoleAnswers {
  const { name, path, account, trust, description, permissionsBoundary, maxSessionDuration, tags, attached, inline } =
    role;
  const facts: RoleFacts = roleFactsOf({
    arn: arnOf(name, path, account),
    trust,
    lastUsed: '2026-11-20T00:00:00Z',
    ...(description !== undefined && { description }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...(maxSessionDuration !== undefined && { maxSessionDuration }),
    ...(tags !== undefined && { tags }),
  });
  return {
    facts: answered(facts),
    policies: answered({ attached: attached ?? [], inline: inline ?? {} }),
    ...parts,
  };
}

export function foundOf(shapes: readonly Shape[], parts: Partial<Found> = {}): Found {
  const arn = ({ role }: Shape) => arnOf(role.name, role.path, role.account);
  const split = (of: string) => of.split('/') as [string, string];
  return {
    cluster: answered({
      arn: MAIN.arn,
      status: 'ACTIVE',
      version: '1.33',
      platformVersion: 'eks.1',
      autoMode: false,
      issuer: ISSUER,
    }),
    contextIssuer: answered(ISSUER),
    oidcProvider: answered({ arn: PROVIDER, audiences: ['sts.amazonaws.com'] }),
    addons: answered([
      addonOf(),
      addonOf({ name: 'aws-ebs-csi-driver', serviceAccountRoleArn: arnOf('AmazonEKS_EBS_CSI_DriverRole') }),
    ]),
    serviceAccounts: answered(
      shapes.map((shape) =>
        serviceAccountOf(...split(shape.of), shape.annotated ? { 'eks.amazonaws.com/role-arn': arn(shape) } : {}),
      ),
    ),
    associations: answered(
      shapes.flatMap((shape, index) => {
        if (shape.association === undefined) return [];
        const [namespace, serviceAccount] = split(shape.of);
        return [
          {
            id: `a-${index}`,
            namespace,
            serviceAccount,
            roleArn: arn(shape),
            disableSessionTags: false,
            tags: {},
            ...shape.association,
          },
        ];
      }),
    ),
    pods: answered(
      shapes.map(({ of, node = 'ip-10-0-0-1', image = 'app' }) => {
        const [namespace, serviceAccount] = split(of);
        return {
          namespace,
          name: `${serviceAccount}-0`,
          serviceAccount,
          node,
          phase: 'Running',
          ready: true,
          ending: false,
          labels: {},
          hostNetwork: false,
          containers: [containerOf({ image })],
          tokenVolumes: {},
        };
      }),
    ),
    nodes: answered([
      { name: 'ip-10-0-0-1', os: 'linux' },
      { name: 'fargate-1', os: 'linux', computeType: 'fargate' },
      { name: 'windows-1', os: 'windows' },
    ]),
    roles: Object.fromEntries(
      // Of shapes with one role, the first one says what it is.
      shapes.toReversed().map((shape) => [arn(shape), roleAnswers(shape)]),
    ),
    managedPolicy: answered(trustOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })),
    ...parts,
  };
}

const partOf = <T>(answer: Answer<T>): Part<any> => {
  const at = NOW.toISOString();
  if (answer.ok) return { at, value: answer.value ?? null };
  return { at, [answer.why]: true, message: answer.message } as unknown as NoValue;
};

/** The Estate that has the answers. */
export function estateOf(found: Found, cluster: Cluster = MAIN): Estate {
  const accounts: Record<string, Record<string, Record<string, Part<unknown>>>> = {};
  const put = (account: string, parts: string, key: string, answer: Answer<unknown>) => {
    ((accounts[account] ??= {})[parts] ??= {})[key] = partOf(answer);
  };
  put(ACCOUNT, 'oidcProviders', PROVIDER, found.oidcProvider);
  for (const [arn, { facts, policies }] of Object.entries(found.roles)) {
    const account = arn.split(':')[4]!;
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    put(account, 'roles', name, facts);
    put(account, 'rolePolicies', name, policies);
    if (!policies.ok || !facts.ok) continue;
    for (const policy of [...(policies.value?.attached ?? []), facts.value?.permissionsBoundary ?? ''])
      put(account, 'managedPolicies', policy, found.managedPolicy);
  }
  return {
    format: ESTATE_FORMAT,
    at: NOW.toISOString(),
    accounts: accounts,
    clusters: {
      [cluster.arn]: {
        cluster: partOf(found.cluster),
        issuer: partOf(found.contextIssuer),
        addons: { [ALL]: partOf(found.addons) },
        associations: { [ALL]: partOf(found.associations) },
        serviceAccounts: { [ALL]: partOf(found.serviceAccounts) },
        pods: { [ALL]: partOf(found.pods) },
        nodes: partOf(found.nodes),
        templates: { [ALL]: partOf(answered([])) },
        apiGroups: partOf(answered(groupsOf(found))),
        customObjects: Object.fromEntries(
          catalogueResources().map((one) => [one, partOf(answered(found.customObjects?.[one] ?? []))]),
        ),
      },
    },
  };
}

/** What discover proposes for the answers. */
export function proposalOf(
  found: Found,
  inventory: Inventory = inventoryWith(),
  cluster: Cluster = MAIN,
  more: Partial<DiscoverRequest> = {},
): Proposal {
  const environment = inventory.environments[0]!;
  return discover(inventory, { environment, cluster, ...more }, estateOf(found, cluster));
}

/** Ports that give the answers, and note what they were asked. */
export function portsOf(found: Found, asked: string[] = []): Ports {
  const give = <T>(question: string, answer: Answer<T>): Promise<Answer<T>> => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  const roleOf = (account: string, name: string) =>
    Object.entries(found.roles).find(([arn]) => arn.includes(`::${account}:`) && arn.endsWith(`/${name}`))?.[1] ??
    noRole;
  const notAsked = (): never => {
    throw new Error('discover does not ask this');
  };
  return {
    aws: ({ id }) => ({
      organizationAccounts: notAsked,
      regions: notAsked,
      clusterNames: notAsked,
      describeCluster: (name) => give(`cluster ${name}`, found.cluster),
      addon: notAsked,
      addons: () => give('addons', found.addons),
      nodeGroups: notAsked,
      associations: () => give('associations', found.associations),
      role: (name) => give(`role ${id}/${name}`, roleOf(id, name).facts),
      rolePolicies: (name) => give(`rolePolicies ${id}/${name}`, roleOf(id, name).policies),
      managedPolicy: (arn) => give(`managedPolicy ${arn}`, found.managedPolicy),
      oidcProvider: () => give('oidcProvider', found.oidcProvider),
      lastAccessed: notAsked,
      analyzers: notAsked,
      unusedFindings: notAsked,
      events: notAsked,
      roleEvents: notAsked,
      accountRoles: () => give(`accountRoles ${id}`, refused()),
      accountPolicies: () => give(`accountPolicies ${id}`, refused()),
    }),
    kubernetes: () => ({
      pods: notAsked,
      allPods: () => give('pods', found.pods),
      serviceAccounts: () => give('serviceAccounts', found.serviceAccounts),
      networkPolicies: notAsked,
      enginePolicies: notAsked,
      configMap: notAsked,
      secret: notAsked,
      templates: notAsked,
      allTemplates: () => give('templates', answered([])),
      admission: notAsked,
      serviceAccount: notAsked,
      issuer: () => give('issuer', found.contextIssuer),
      nodes: () => give('nodes', found.nodes),
      apiGroups: () => give('apiGroups', answered(groupsOf(found))),
      customObjects: (resource) => give(`customObjects ${resource}`, answered(found.customObjects?.[resource] ?? [])),
    }),
  };
}
