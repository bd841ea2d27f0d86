import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { IAMClient } from '@aws-sdk/client-iam';
import { sandboxKubernetes } from '../../../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../../../src/rehearsal/sandboxSeed';
import { compile } from '../../../../src/blueprint/compile';
import type { Inventory, Stage } from '../../../../src/inventory/Inventory';
import { awsPorts } from '../../../../src/estate/aws/awsPorts';
import type { AwsSettings } from '../../../../src/estate/aws/clientConfig';
import type { EvidenceText as Evidence } from '../gateText';
import { collectEvidence } from '../gateText';
import type { GateText as GateResult } from '../gateText';
import type { KubernetesPort, KubernetesPorts } from '../../../../src/estate/kubernetes/KubernetesPort';
import { kubectlPorts } from '../../../../src/estate/kubernetes/kubectlPorts';
import type { KubectlSettings } from '../../../../src/estate/kubernetes/runKubectl';
import { type CredentialOutcome, podCredentials } from '../../../../src/sandbox/podCredentials';
import type { SeedCluster } from '../../../../src/sandbox/Seed';
import { type Pod, type Sandbox, startSandbox } from '../../../../src/sandbox/startSandbox';
import { clients } from '../../../sandbox/testSandbox';
import { pilotAt, type Setting } from '../../agreedWorld';
import { applyInventory } from './applyInventory';

export const ACCOUNT = '333333333333';
export const DATA = '444444444444';
/** An account that exists and that the inventory does not name. */
export const STRANGER = '555555555555';
export const CLUSTER = { account: ACCOUNT, region: 'us-west-2', name: 'prod-main' } as const;
export const CONTEXT = 'prod-main';
export const NAMESPACE = 'production';
export const NAME = 'orders-api';

/** The gate is asked so much later than it is, in milliseconds: then the delay of CloudTrail is over for a stage that began just now. */
export const LATER = 16 * 60_000;

/** A delay of the sandbox that no test lives to see the end of, in milliseconds. */
export const NEVER = 3_600_000;

const NODES: NonNullable<SeedCluster['nodes']> = [
  { name: 'node-1', compute: 'ec2' },
  { name: 'node-2', compute: 'ec2' },
  { name: 'fargate-1', compute: 'fargate' },
  { name: 'windows-1', compute: 'windows' },
];

/** Differs from what the inventory seeds. */
export interface Ground {
  readonly cluster?: Partial<SeedCluster>;
  /** Clusters that the inventory does not have, each with its OIDC provider. */
  readonly further?: readonly SeedCluster[];
}

/** A pod template's parts that a test is about; the rest is a Deployment of two pods. */
export interface Deployed {
  readonly name?: string;
  readonly kind?: 'Deployment' | 'StatefulSet' | 'Pod';
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly replicas?: number;
}

export interface Asked {
  readonly direction?: 'forward' | 'back';
  readonly aws?: AwsSettings;
  readonly kubectl?: KubectlSettings;
  /** Default: the real kubectl, with these settings. */
  readonly kubernetes?: KubernetesPorts;
}

/** A sandbox, a kubeconfig and the environment of an operator, for one situation. */
export interface Live {
  readonly sandbox: () => Sandbox;
  readonly iam: (account?: string) => IAMClient;
  readonly eks: () => EKSClient;
  /** Runs a shell command as the operator; gives its standard output, and throws what it said when it fails. */
  readonly run: (command: string, input?: string) => Promise<string>;
  /** The real kubectl in the cluster's context and the workload's namespace. */
  readonly kubectl: (command: string, input?: string) => Promise<string>;
  /** Makes the sandbox into what an apply of the inventory leaves. */
  readonly apply: (inventory: Inventory) => Promise<void>;
  /** The workload's pods are there, as somebody made them before. */
  readonly settle: (deployed?: Deployed) => Promise<void>;
  /** `kubectl apply` of the workload. */
  readonly deploy: (deployed?: Deployed) => Promise<void>;
  readonly pods: () => readonly Pod[];
  /** Every pod of the service account asks for its credentials through the SDK. */
  readonly ask: () => Promise<readonly CredentialOutcome[]>;
  /** The gate's evidence by the real SDK and the real kubectl. */
  readonly gate: (inventory: Inventory, asked?: Asked) => Promise<GateResult>;
  /** Ends the sandbox and starts it again with what it kept, on other ground. */
  readonly restart: (ground: Ground) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** One workload of one wave on one cluster, at a stage since now; `since` counts whole seconds. */
export function inventoryAt(stage: Stage, setting: Setting = {}): Inventory {
  const since = 'since' in setting ? setting.since : new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
  return pilotAt(stage, {
    ...setting,
    since,
    wave: { soak: '1m', ...setting.wave },
    cluster: { kubernetes: { context: CONTEXT }, ...setting.cluster },
  });
}

/** `kubectl rollout restart` writes the second of the restart: a restart in the same second as the last one makes no new pods. */
function newSecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
}

export async function startLive(inventory: Inventory, ground: Ground = {}): Promise<Live> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-live-'));
  const before = { ...process.env };
  let sandbox = await start(inventory, ground);
  enter();

  function enter(): void {
    const kubernetes = sandboxKubernetes(sandbox, inventory, folder);
    Object.assign(process.env, sandbox.environment(), { KUBECONFIG: kubernetes.KUBECONFIG, HOME: folder });
  }

  const run = async (command: string, input = ''): Promise<string> => {
    if (command.includes('rollout restart')) await newSecond();
    return runNow(command, input);
  };
  const runNow = (command: string, input: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn('sh', ['-c', command], { env: { ...process.env } });
      let out = '';
      let error = '';
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (error += text.toString()));
      child.on('close', (code) => {
        if (code === 0) resolve(out);
        else reject(new Error(`${command}: ${error}`));
      });
      child.stdin.end(input);
    });
  const kubectl = (command: string, input?: string) =>
    run(`kubectl --context ${CONTEXT} -n ${NAMESPACE} ${command}`, input);
  const pods = () =>
    sandbox.kubernetes.pods(CLUSTER, NAMESPACE).filter(({ serviceAccount }) => serviceAccount === NAME);

  return {
    sandbox: () => sandbox,
    iam: (account = ACCOUNT) => clients(sandbox, account).iam,
    eks: () => clients(sandbox, ACCOUNT).eks,
    run,
    kubectl,
    apply: (applied) => applyInventory(sandbox, applied),
    settle: async (deployed = {}) => {
      const { kind = 'Deployment' } = deployed;
      const group = kind === 'Pod' ? 'api/v1' : 'apis/apps/v1';
      const server = sandbox.kubernetes.apiServer(CLUSTER);
      const url = `${server}/${group}/namespaces/${NAMESPACE}/${kind.toLowerCase()}s`;
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: manifest(deployed) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    deploy: async (deployed = {}) => {
      await kubectl('apply -f -', manifest(deployed));
    },
    pods,
    ask: () => Promise.all(pods().map((pod) => podCredentials(pod, { endpoint: sandbox.endpoint }))),
    gate: (claimed, { direction = 'forward', aws, kubectl: settings, kubernetes } = {}) =>
      collectEvidence(
        claimed,
        { wave: 'pilot', environment: 'prod', direction },
        {
          aws: awsPorts({ attempts: 3, ...aws }),
          kubernetes: kubernetes ?? kubectlPorts({ requestTimeout: 10, timeout: 20, ...settings }),
        },
        new Date(Date.now() + LATER),
      ),
    restart: async (next) => {
      const world = sandbox.save();
      await sandbox.stop();
      sandbox = await start(inventory, next, world);
      enter();
    },
    stop: async () => {
      await sandbox.stop();
      process.env = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(inventory: Inventory, { cluster, further = [] }: Ground, world?: string): Promise<Sandbox> {
  const seed = sandboxSeed(inventory, [compile(inventory, 'prod')]);
  const clusters = [...seed.clusters.map((one) => ({ ...one, nodes: NODES, ...cluster })), ...further];
  const providers = further.flatMap(({ account, issuer }) => (issuer === undefined ? [] : [{ account, issuer }]));
  const oidcProviders = [...(seed.oidcProviders ?? []), ...providers];
  const accounts = [...(seed.accounts ?? []), STRANGER];
  return startSandbox({
    seed: { ...seed, accounts, clusters, oidcProviders },
    ...(world === undefined ? {} : { world }),
  });
}

function manifest({ name = NAME, kind = 'Deployment', env = {}, nodeSelector, replicas = 2 }: Deployed): string {
  const labels = { app: name };
  const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const spec = {
    serviceAccountName: NAME,
    containers: [{ name: 'app', image: 'registry.invalid/app', env: variables }],
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  };
  const metadata = { name, namespace: NAMESPACE, labels };
  if (kind === 'Pod') return JSON.stringify({ apiVersion: 'v1', kind, metadata, spec });
  const template = { metadata: { labels }, spec };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind,
    metadata,
    spec: { replicas, selector: { matchLabels: labels }, template, serviceName: name },
  });
}

/** The real kubectl, asked once for each thing: for a cluster in which nothing changes. */
export function rememberedKubectl(): KubernetesPorts {
  const ports = kubectlPorts();
  const answers = new Map<string, Promise<unknown>>();
  return (environment, cluster) => {
    const methods = Object.entries(ports(environment, cluster)) as [
      string,
      (...parts: unknown[]) => Promise<unknown>,
    ][];
    return Object.fromEntries(
      methods.map(([name, ask]) => [
        name,
        (...parts: unknown[]) => {
          const key = JSON.stringify([cluster.arn, name, ...parts]);
          const answer = answers.get(key) ?? ask(...parts);
          answers.set(key, answer);
          return answer;
        },
      ]),
    ) as unknown as KubernetesPort;
  };
}

/** What speaks against a step: check and verdict of each evidence that is not `yes`, each once. */
export function against({ evidence }: GateResult): readonly string[] {
  return [...new Set(evidence.filter(({ holds }) => holds !== 'yes').map(({ check, holds }) => `${check} ${holds}`))];
}

/** The lines of a remedy that are commands of kubectl. */
export function commandsOf(evidence: readonly Evidence[]): string[] {
  return evidence.flatMap(({ remedy = '' }) => remedy.split('\n').filter((line) => line.startsWith('kubectl ')));
}
