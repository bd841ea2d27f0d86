import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { type Stage, STAGES } from '../../../../src/inventory/Inventory';
import type { PolicyRule } from '../../../../src/sandbox/kubernetes/requestTarget';
import { CLUSTER, inventoryAt, type Live, NAME, NAMESPACE, startLive } from './liveWorld';

// What a cluster has beside running pods, made with kubectl on the sandbox: the gate names it, and holds when it is gone.

/** The rules of a ClusterRole of docs/permissions.md. */
function rules(name: string): readonly PolicyRule[] {
  const page = readFileSync('docs/permissions.md', 'utf8');
  const [, yaml = ''] = new RegExp(`\`\`\`yaml ${name}\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  return (parse(yaml) as { rules: readonly PolicyRule[] }).rules;
}

interface Container {
  readonly env?: readonly object[];
  readonly envFrom?: readonly object[];
  readonly ports?: readonly object[];
  readonly volumeMounts?: readonly object[];
}

const podSpec = (container: Container = {}, spec: object = {}) => ({
  serviceAccountName: NAME,
  restartPolicy: 'OnFailure',
  containers: [{ name: 'app', image: 'app', ...container }],
  ...spec,
});

const cronJob = (container: Container = {}, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'nightly' },
  spec: {
    schedule: '0 3 1 1 *',
    jobTemplate: { spec: { template: { spec: podSpec(container, spec) } } },
  },
});

/** A Deployment without pods. */
const idle = (container: Container = {}, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'idle' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'idle' } },
    template: { metadata: { labels: { app: 'idle' } }, spec: podSpec(container, { ...spec, restartPolicy: 'Always' }) },
  },
});

const policy = (spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'shut' },
  spec: { policyTypes: ['Egress'], ...spec },
});

const object = (kind: 'ConfigMap' | 'Secret', keys: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'settings' },
  ...(kind === 'ConfigMap' ? { data: keys } : { stringData: keys }),
});

interface ClusterPart {
  readonly title: string;
  readonly objects: readonly object[];
  /** Further commands, and those that undo them. */
  readonly run?: (live: Live) => Promise<unknown>;
  readonly undo?: (live: Live) => Promise<unknown>;
  readonly check: string;
  readonly holds: 'no' | 'unknown';
  readonly found: RegExp;
}

const ROLE = 'arn:aws:iam::333333333333:role/old';

/** Before every step: what comes before Pod Identity. */
const CHAIN: readonly ClusterPart[] = [
  {
    title: 'a Deployment with 0 replicas sets the webhook’s variables',
    objects: [
      idle({ env: [{ name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' }] }),
    ],
    check: 'credential-chain',
    holds: 'no',
    found: /deployment\/idle app: AWS_CONTAINER_CREDENTIALS_FULL_URI=/,
  },
  {
    title: 'a CronJob takes web identity from a ConfigMap by a prefix',
    objects: [
      object('ConfigMap', { ROLE_ARN: ROLE, WEB_IDENTITY_TOKEN_FILE: '/own', OTHER: 'x' }),
      cronJob({ envFrom: [{ prefix: 'AWS_', configMapRef: { name: 'settings' } }] }),
    ],
    check: 'credential-chain',
    holds: 'no',
    found: /cronjob\/nightly app: AWS_ROLE_ARN of configmap settings/,
  },
  {
    title: 'a CronJob names a profile as the AWS CLI and boto3 read it first',
    objects: [cronJob({ env: [{ name: 'AWS_DEFAULT_PROFILE', value: 'reports' }] })],
    check: 'credential-chain',
    holds: 'unknown',
    found: /cronjob\/nightly app: AWS_DEFAULT_PROFILE/,
  },
  {
    title: 'a CronJob mounts an AWS config',
    objects: [
      cronJob(
        { volumeMounts: [{ name: 'aws', mountPath: '/root/.aws' }] },
        { volumes: [{ name: 'aws', configMap: { name: 'aws-config' } }] },
      ),
    ],
    check: 'credential-chain',
    holds: 'unknown',
    found: /\/root\/\.aws \(configmap aws-config\)/,
  },
  {
    title: 'a CronJob takes variables from a Secret that podlift may not read',
    objects: [object('Secret', { PASSWORD: 'hunter2' }), cronJob({ envFrom: [{ secretRef: { name: 'settings' } }] })],
    run: (live) => {
      live.sandbox().kubernetes.limit(CLUSTER, rules('read'));
      return Promise.resolve();
    },
    // The same Secret passes when the names of its keys can be read.
    undo: (live) => {
      live.sandbox().kubernetes.limit(CLUSTER, [...rules('read'), ...rules('read-secrets')]);
      return Promise.resolve();
    },
    check: 'credential-chain',
    holds: 'unknown',
    found: /could not be checked: the variables of secret settings \(envFrom of cronjob\/nightly\): denied/,
  },
  {
    title: 'a CronJob takes access keys from a Secret whose keys podlift may read',
    objects: [
      object('Secret', { AWS_ACCESS_KEY_ID: 'hunter2' }),
      cronJob({ envFrom: [{ secretRef: { name: 'settings' } }] }),
    ],
    run: (live) => {
      live.sandbox().kubernetes.limit(CLUSTER, [...rules('read'), ...rules('read-secrets')]);
      return Promise.resolve();
    },
    check: 'credential-chain',
    holds: 'no',
    found: /AWS_ACCESS_KEY_ID of secret settings/,
  },
];

/** Before the steps after which pods ask the agent. */
const AGENT: readonly ClusterPart[] = [
  {
    title: 'a CronJob selects Windows nodes',
    objects: [cronJob({}, { nodeSelector: { 'kubernetes.io/os': 'windows' } })],
    check: 'compute',
    holds: 'no',
    found: /cronjob\/nightly selects windows/,
  },
  {
    title: 'a NetworkPolicy selects pods by an expression and blocks the agent',
    objects: [policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [NAME] }] } })],
    check: 'network-policy',
    holds: 'no',
    found: /NetworkPolicy shut limits egress, and nothing allows 169\.254\.170\.23\/32 port 80/,
  },
  {
    title: 'Cilium enforces a NetworkPolicy that allows the range of the agent',
    objects: [
      policy({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '169.254.170.23/32' } }] }] }),
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'cilium', namespace: NAMESPACE },
        spec: {
          selector: { matchLabels: { 'k8s-app': 'cilium' } },
          template: {
            metadata: { labels: { 'k8s-app': 'cilium' } },
            spec: { containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.18.0' }] },
          },
        },
      },
    ],
    check: 'network-policy',
    holds: 'unknown',
    found: /could not be checked: NetworkPolicy shut .* Cilium/,
  },
  {
    title: 'a CronJob has a proxy without an exception',
    objects: [cronJob({ env: [{ name: 'HTTP_PROXY', value: 'http://proxy:3128' }] })],
    check: 'proxy',
    holds: 'no',
    found: /app: HTTP_PROXY with NO_PROXY unset \(cronjob\/nightly\)/,
  },
  {
    title: 'the agent’s DaemonSet does not tolerate the taint of a node that may run the workload',
    objects: [cronJob({}, { tolerations: [{ operator: 'Exists' }], nodeSelector: { 'kubernetes.io/os': 'linux' } })],
    run: async (live) => {
      await live.kubectl('taint nodes node-2 spot=yes:NoSchedule');
      const remove = '[{"op":"remove","path":"/spec/template/spec/tolerations"}]';
      await live.run(
        `kubectl --context prod-main -n kube-system patch daemonset eks-pod-identity-agent --type json -p '${remove}'`,
      );
    },
    undo: async (live) => {
      await live.kubectl('taint nodes node-2 spot-');
    },
    check: 'agent-on-nodes',
    holds: 'no',
    found: /does not tolerate the taint spot=yes:NoSchedule of node-2/,
  },
];

/** Before the agent is there. */
const PORTS: readonly ClusterPart[] = [
  {
    title: 'a pod in the network of the node has port 80',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'proxy' },
        spec: {
          hostNetwork: true,
          nodeName: 'node-1',
          containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 80 }] }],
        },
      },
    ],
    check: 'agent-on-nodes',
    holds: 'no',
    found: /production\/proxy on node-1 takes port 80 of the node/,
  },
];

const TABLE: Readonly<Partial<Record<Stage, readonly ClusterPart[]>>> = {
  irsa: [...CHAIN, ...PORTS],
  prepared: [CHAIN[1]!, ...AGENT],
  dual: [CHAIN[0]!, ...AGENT],
};

describe.each(Object.entries(TABLE) as [Stage, readonly ClusterPart[]][])('The gate at %s', (stage, parts) => {
  let live: Live;
  const inventory = inventoryAt(stage);

  beforeAll(async () => {
    live = await startLive(inventory);
    for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed));
    await live.settle();
    // A workload that runs uses its role: at dual that is what is looked for.
    await live.ask();
    await live.kubectl('create serviceaccount default').catch(() => undefined);
  });
  afterAll(() => live.stop());

  const openOf = async () =>
    (await live.gate(inventory)).evidence
      .filter(({ holds }) => holds !== 'yes')
      .map(({ check, holds, found }) => ({ check, holds, found }));

  it('holds', async () => {
    expect(await openOf()).toEqual([]);
  });

  it.each(parts)('$check: $title', async ({ objects, run, undo, check, holds, found }) => {
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await live.kubectl('apply -f -', manifest);
    await run?.(live);
    expect(await openOf()).toEqual([{ check, holds, found: expect.stringMatching(found) }]);
    await undo?.(live);
    if (undo === undefined) {
      live.sandbox().kubernetes.limit(CLUSTER);
      await live.kubectl('delete -f -', manifest);
    }
    expect(await openOf()).toEqual([]);
    if (undo !== undefined) {
      live.sandbox().kubernetes.limit(CLUSTER);
      await live.kubectl('delete -f -', manifest);
    }
  });
});
