import { compile } from '../../blueprint/compile';
import type { Cluster, Inventory, Stage, Target, Wave, Workload } from '../../inventory/Inventory';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  RoleFacts,
  TrailEvent,
  Unanswered,
} from '../../operations/aws/AwsPort';
import type { NodeFacts, PodFacts, ServiceAccountFacts } from '../../operations/kubernetes/KubernetesPort';
import type { Ports } from '../../operations/Ports';
import { clusterOf, environmentOf, inventoryOf, workloadOf } from '../blueprint/inventoryOf';

// AWS and one cluster in memory, such that everything agrees with the inventory; a test changes one thing and says what follows.

export const NOW = new Date('2026-11-21T12:00:00Z');
export const SINCE = '2026-11-14T09:00:00Z';
export const ROLE = 'arn:aws:iam::333333333333:role/prod-orders-api';
export const PROVIDER = `arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${'MAIN'.padEnd(32, '0')}`;

/** The issuer of a cluster whose `oidc` the inventory does not write. */
const UNWRITTEN = 'https://oidc.eks.us-west-2.amazonaws.com/id/UNWRITTEN';

export interface Setting {
  readonly workload?: Partial<Workload>;
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

export interface World {
  clusters: Record<string, ClusterFacts>;
  addons: Record<string, AddonFacts>;
  associations: AssociationFacts[];
  /** By `account/name`. */
  roles: Record<string, RoleFacts>;
  events: TrailEvent[];
  pods: PodFacts[];
  nodes: NodeFacts[];
  /** Of the tokens of the cluster that the context leads to. */
  issuer: string;
  serviceAccounts: Record<string, ServiceAccountFacts>;
  /** Questions that get no answer, by the method's name. */
  unanswered: Record<string, Unanswered>;
  /** Every question, as `method argument…`. */
  readonly asked: string[];
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
  return {
    clusters: Object.fromEntries(
      clusters.map(({ name, arn, version, autoMode, oidc }) => [
        name,
        { arn, version, autoMode, platformVersion: 'eks.1', status: 'ACTIVE', issuer: oidc?.issuer ?? UNWRITTEN },
      ]),
    ),
    addons: Object.fromEntries(
      blueprint.agents.map(({ clusterName, version }) => [clusterName, { status: 'ACTIVE', version, issues: [] }]),
    ),
    associations: blueprint.associations.map(
      ({ namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags }) => ({
        id: 'a-1',
        namespace,
        serviceAccount,
        roleArn,
        ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
        disableSessionTags,
      }),
    ),
    roles: Object.fromEntries(
      [...blueprint.roles, ...blueprint.targetRoles].map(({ arn, name, trust }) => [
        `${arn.split(':')[4]!}/${name}`,
        { arn, trust, lastUsed: '2026-11-21T08:00:00Z' },
      ]),
    ),
    events: [],
    pods: [
      stage === 'irsa' || stage === 'prepared' ? irsaPod() : podIdentityPod(),
      agentPod('node-1'),
      podOf({ name: 'other', serviceAccount: 'other' }),
    ],
    nodes: [{ name: 'node-1', os: 'linux', ...(cluster?.autoMode ? { computeType: 'auto' } : {}) }],
    issuer: cluster?.oidc?.issuer ?? UNWRITTEN,
    serviceAccounts: Object.fromEntries(
      blueprint.serviceAccounts.map(({ namespace, name, annotations }) => [`${namespace}/${name}`, { annotations }]),
    ),
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
    containers: [{ name: 'app', env: {}, envFrom: [] }],
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
    containers: [{ name: 'app', env: { ...injected, ...env }, envFrom: [] }],
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
    containers: [{ name: 'app', env: { ...injected, ...env }, envFrom: [] }],
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

/** Ports that answer from a world. */
export function portsTo(world: World): Ports {
  const answer = <T>(method: string, parts: readonly unknown[], value: () => T): Promise<Answer<T>> => {
    world.asked.push([method, ...parts].join(' '));
    const why = world.unanswered[method];
    return Promise.resolve(
      why === undefined ? { ok: true, value: value() } : { ok: false, why, message: `no answer to ${method}` },
    );
  };
  return {
    aws: (account, region) => ({
      describeCluster: (name) => answer('describeCluster', [name], () => world.clusters[name]),
      addon: (cluster, name) => answer('addon', [cluster, name], () => world.addons[cluster]),
      associations: (cluster, namespace, serviceAccount) =>
        answer('associations', [cluster, namespace, serviceAccount], () =>
          world.associations.filter(
            (one) =>
              (namespace === undefined || one.namespace === namespace) &&
              (serviceAccount === undefined || one.serviceAccount === serviceAccount),
          ),
        ),
      role: (name) => answer('role', [account.id, name], () => world.roles[`${account.id}/${name}`]),
      events: (names, since, until) =>
        answer('events', [region, names.join(','), since, until], () =>
          world.events.filter(({ name, at }) => names.includes(name) && new Date(at) >= new Date(since)),
        ),
    }),
    kubernetes: () => ({
      pods: (namespace) => answer('pods', [namespace], () => world.pods.filter((pod) => pod.namespace === namespace)),
      nodes: () => answer('nodes', [], () => world.nodes),
      issuer: () => answer('issuer', [], () => world.issuer),
      serviceAccount: (namespace, name) =>
        answer('serviceAccount', [namespace, name], () => world.serviceAccounts[`${namespace}/${name}`]),
    }),
  };
}
