import { oidcProviderArn } from '../../src/blueprint/arns';
import { compile } from '../../src/blueprint/compile';
import type { Cluster, Inventory, Stage, Target, Wave } from '../../src/inventory/Inventory';
import type { TrailEvent } from '../../src/estate/aws/AwsPort';
import type { PodFacts } from '../../src/estate/kubernetes/KubernetesPort';
import { clusterOf, environmentOf, inventoryOf, workloadOf, type WorkloadParts } from '../blueprint/inventoryOf';
import type { World } from './World';
import { addonOf, containerOf, roleFactsOf, serviceAccountOf, templateOf } from './facts';

export { portsTo } from './portsTo';
export type { World } from './World';

// AWS and one cluster in memory, such that everything agrees with the inventory; a test changes one thing and says what follows.

export const NOW = new Date('2026-11-21T12:00:00Z');
export const SINCE = '2026-11-14T09:00:00Z';
export const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
export const PROVIDER = `arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${'MAIN'.padEnd(32, '0')}`;

export const NODE_ROLE = 'arn:aws:iam::333333333333:role/nodes';
export const NODE_POLICY = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';

/** The issuer of a cluster whose `oidc` the inventory does not write. */
const UNWRITTEN = 'https://oidc.eks.us-west-2.amazonaws.com/id/UNWRITTEN';

export interface Setting {
  readonly workload?: WorkloadParts;
  /** The workload says nothing of its SDK. */
  readonly undeclaredSdk?: boolean;
  readonly cluster?: Partial<Cluster>;
  readonly wave?: Partial<Wave>;
  /** Further waves. */
  readonly waves?: readonly Wave[];
  readonly since?: string | undefined;
  readonly targets?: readonly Target[];
  readonly quotas?: Readonly<Record<string, number>>;
}

/** One wave `pilot` with one workload on one cluster, at a stage. */
export function pilotAt(stage: Stage, setting: Setting = {}): Inventory {
  const { undeclaredSdk = false, workload, cluster, wave, waves = [], targets = [], quotas = {} } = setting;
  const since = 'since' in setting ? setting.since : SINCE;
  const environment = environmentOf({
    quotas,
    clusters: [clusterOf(cluster)],
    workloads: [
      workloadOf({
        stage,
        wave: 'pilot',
        ...(undeclaredSdk ? {} : { sdk: { language: 'python', version: '1.34.60' } }),
        targets,
        ...workload,
      }),
    ],
  });
  const pilot: Wave = {
    key: 'pilot',
    soak: '7d',
    stages: { prod: { stage, ...(since === undefined ? {} : { since }) } },
    ...wave,
  };
  return { ...inventoryOf(environment), waves: [pilot, ...waves] };
}

/** What stands everywhere once the inventory is applied, with one pod of the workload that got what a new pod gets. */
export function agreedWorld(inventory: Inventory): World {
  const blueprint = compile(inventory, 'prod');
  const { clusters } = inventory.environments[0]!;
  const [cluster] = clusters;
  const stage = blueprint.roles[0]!.stage;
  const roles = [...blueprint.roles, ...blueprint.targetRoles];
  const keyOf = ({ arn, name }: { arn: string; name: string }) => `${arn.split(':')[4]!}/${name}`;
  return {
    clusters: Object.fromEntries(
      clusters.map(({ name, arn, version, autoMode, oidc }) => [
        name,
        {
          arn,
          version,
          autoMode,
          platformVersion: 'eks.1',
          status: 'ACTIVE',
          issuer: oidc?.issuer ?? UNWRITTEN,
          nodeRoleArn: NODE_ROLE,
        },
      ]),
    ),
    addons: Object.fromEntries(
      blueprint.agents.map(({ clusterName, version, tags }) => [clusterName, addonOf({ version, tags })]),
    ),
    otherAddons: {},
    nodeGroups: Object.fromEntries(clusters.map(({ name }) => [name, [{ name: 'workers', nodeRole: NODE_ROLE }]])),
    associations: blueprint.associations.map(
      ({ namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags, tags }) => ({
        id: 'a-1',
        namespace,
        serviceAccount,
        roleArn,
        ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
        disableSessionTags,
        modifiedAt: SINCE,
        tags,
      }),
    ),
    roles: Object.fromEntries([
      ...roles.map((role) => {
        const { arn, trust, permissionsBoundary, maxSessionDuration, tags } = role;
        const facts = {
          ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
          ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
        };
        const times = { createdAt: '2026-01-05T08:00:00Z', lastUsed: '2026-11-21T08:00:00Z' };
        return [keyOf(role), roleFactsOf({ arn, trust, tags, ...facts, ...times })];
      }),
      ['333333333333/nodes', roleFactsOf({ arn: NODE_ROLE, trust: { Statement: [] } })],
    ]),
    rolePolicies: Object.fromEntries([
      ...roles.map((role) => {
        const inline = role.inline === undefined ? {} : { podlift: role.inline };
        return [keyOf(role), { attached: role.managedPolicies, inline }];
      }),
      ['333333333333/nodes', { attached: [NODE_POLICY], inline: {} }],
    ]),
    managedPolicies: {
      [NODE_POLICY]: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
      },
    },
    oidcProviders: Object.fromEntries(
      clusters.map(({ oidc }) => {
        const arn = oidcProviderArn('aws', blueprint.account.id, oidc?.issuer ?? '');
        return [arn, { arn, audiences: ['sts.amazonaws.com'] }];
      }),
    ),
    events: blueprint.associations.map((association) => podIdentityEvent(association)),
    pods: [
      stage === 'irsa' || stage === 'prepared' ? irsaPod() : podIdentityPod(),
      agentPod('node-1'),
      podOf({ name: 'other', serviceAccount: 'other' }),
    ],
    templates: [templateOf()],
    configMaps: {},
    secrets: {},
    nodes: [
      { name: 'node-1', os: 'linux', ...(cluster?.autoMode ? { computeType: 'auto' } : { nodeGroup: 'workers' }) },
    ],
    issuer: cluster?.oidc?.issuer ?? UNWRITTEN,
    serviceAccounts: Object.fromEntries(
      blueprint.serviceAccounts.map(({ namespace, name, annotations }) => [
        `${namespace}/${name}`,
        serviceAccountOf(namespace, name, annotations),
      ]),
    ),
    networkPolicies: {},
    unanswered: {},
    asked: [],
  };
}

export function podOf(parts: Partial<PodFacts> = {}): PodFacts {
  return {
    namespace: 'production',
    name: 'orders-api-7f9c-abcde',
    serviceAccount: 'orders-api',
    node: 'node-1',
    phase: 'Running',
    ready: true,
    ending: false,
    owner: { kind: 'Deployment', name: 'orders-api' },
    labels: {},
    hostNetwork: false,
    containers: [containerOf()],
    tokenVolumes: {},
    ...parts,
  };
}

export function irsaPod(env: Record<string, string> = {}, parts: Partial<PodFacts> = {}): PodFacts {
  const injected = {
    AWS_ROLE_ARN: ROLE,
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
  };
  return podOf({
    name: 'orders-api-old',
    containers: [containerOf({ env: { ...injected, ...env } })],
    tokenVolumes: { 'aws-iam-token': 'sts.amazonaws.com' },
    ...parts,
  });
}

export function podIdentityPod(env: Record<string, string> = {}, parts: Partial<PodFacts> = {}): PodFacts {
  const injected = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE:
      '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
  };
  return podOf({
    name: 'orders-api-new',
    containers: [containerOf({ env: { ...injected, ...env } })],
    tokenVolumes: { 'eks-pod-identity-token': 'pods.eks.amazonaws.com' },
    ...parts,
  });
}

export function agentPod(node: string, parts: Partial<PodFacts> = {}): PodFacts {
  return podOf({
    namespace: 'kube-system',
    name: `agent-${node}`,
    serviceAccount: 'agent',
    app: 'eks-pod-identity-agent',
    node,
    owner: { kind: 'DaemonSet', name: 'eks-pod-identity-agent' },
    ...parts,
  });
}

/** EKS has assumed the role for a pod, on the day of `NOW`. */
export function podIdentityEvent(
  { clusterName = 'prod-main', namespace = 'production', serviceAccount = 'orders-api', roleArn = ROLE } = {},
  parts: Partial<TrailEvent> = {},
): TrailEvent {
  return {
    id: `use-${clusterName}-${namespace}-${serviceAccount}`,
    name: 'AssumeRole',
    at: '2026-11-21T08:00:00Z',
    roleArns: [roleArn],
    by: 'pods.eks.amazonaws.com',
    invokedBy: 'pods.eks.amazonaws.com',
    session: `eks-${clusterName.slice(0, 10)}-orders-api-0b1c`,
    pod: { cluster: clusterName, namespace, serviceAccount },
    ...parts,
  };
}

export function webIdentityEvent(parts: Partial<TrailEvent> = {}): TrailEvent {
  return {
    id: 'e-1',
    name: 'AssumeRoleWithWebIdentity',
    at: '2026-11-16T00:00:00Z',
    roleArns: [ROLE],
    by: 'system:serviceaccount:production:orders-api',
    provider: PROVIDER,
    ...parts,
  };
}
