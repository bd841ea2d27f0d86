import { randomBytes } from 'node:crypto';
import { devNull } from 'node:os';
import { type ApiCall, type Denial, NO_DELAYS, type SandboxState, type Timing } from './api/SandboxState';
import { activeFaults, type Faults, type SandboxFault } from './faults';
import { AGENT_PATH, answerRequest } from './http/answerRequest';
import { SANDBOX_SECRET_ACCESS_KEY } from './http/authenticate';
import { startServer } from './http/httpServer';
import { createKubernetes } from './kubernetes/createKubernetes';
import type { Kubernetes } from './kubernetes/Kubernetes';
import { closePodWorkers } from './podCredentials';
import type { SandboxSeed } from './Seed';
import { seedState } from './seedState';
import { createWorld } from './world/createWorld';
import { DEFAULT_QUOTAS } from './world/quotas';
import { restoreWorld, saveWorld, updateFromSeed } from './world/savedWorld';
import type { World } from './world/World';

export type { ApiCall, Denial, Timing } from './api/SandboxState';
export type { SandboxFault } from './faults';
export type { ClusterRef, Kubernetes, KubeRequest, KubeResponse, Pod } from './kubernetes/Kubernetes';
export type { PolicyRule } from './kubernetes/requestTarget';

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`: for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** The access key id of an account's ambient credentials. Default: the seed's ambient account. */
  readonly accessKeyId: (account?: string) => string;
  readonly secretAccessKey: string;
  /** Environment variables for an AWS client that is the administrator of an account. Default region: us-west-2. */
  readonly environment: (account?: string, region?: string) => Record<string, string>;
  readonly kubernetes: Kubernetes;
  /** All API calls since the start, in order. */
  readonly calls: () => readonly ApiCall[];
  /** The number of calls of each action since the start, by `service:Action` (`iam:GetRole`, `eks:DescribeAddon`). */
  readonly callCounts: () => Readonly<Record<string, number>>;
  /** All requests that a policy or a token check denied since the start, in order, with the reason. */
  readonly denials: () => readonly Denial[];
  /** Injected errors and delays of AWS and Kubernetes. Default: none. */
  readonly faults: Faults;
  /** Changes how long things take. Other values stay; changes in progress keep their time. */
  readonly setTiming: (timing: Partial<Timing>) => void;
  /** The world as JSON text for the next start. Sessions are not saved: credentials end with the sandbox. */
  readonly save: () => string;
  /** Stops the server and removes the files of all pods. */
  readonly stop: () => Promise<void>;
}

export interface SandboxOptions extends Partial<Timing> {
  readonly seed: SandboxSeed;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** A world from `save`. The seed adds what the world lacks, and sets the properties of its clusters. */
  readonly world?: string;
  /** The time of the sandbox. Default: the system's. */
  readonly clock?: () => Date;
  /** The time by which associations become effective and agents renew credentials, in milliseconds. Default: that of the clock. */
  readonly elapsed?: () => number;
  /** Faults that apply from the start. */
  readonly faults?: readonly SandboxFault[];
}

function timingOf(options: Partial<Timing>): Timing {
  const { agentCache, propagationMs, cloudTrailDelay, addonMs, podTerminationMs, jobPodMs } = {
    ...NO_DELAYS,
    ...options,
  };
  return { agentCache, propagationMs, cloudTrailDelay, addonMs, podTerminationMs, jobPodMs };
}

/** The world at the start, and the ARNs of the clusters that are new in it. */
function openWorld(options: SandboxOptions, time: Date): { world: World; newClusters: readonly string[] } {
  const seeded = createWorld(options.seed, time);
  if (options.world === undefined) return { world: seeded, newClusters: Object.keys(seeded.clusters) };
  const saved = restoreWorld(options.world);
  const newClusters = Object.keys(seeded.clusters).filter((arn) => saved.clusters[arn] === undefined);
  return { world: updateFromSeed(saved, seeded), newClusters };
}

function countCalls(calls: readonly ApiCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, action } of calls) {
    const key = `${service}:${action}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The environment of a client that reaches only the sandbox. */
function environment(endpoint: string, account: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: SANDBOX_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN: '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NO_PROXY: '127.0.0.1,localhost',
  };
}

/**
 * Starts an embedded AWS on loopback: IAM, STS, EKS, EKS Auth, CloudTrail's event history, the findings of Access Analyzer on unused access, the Pod Identity agent, and for each cluster an OIDC
 * issuer and a Kubernetes API. It enforces trust and permission policies. Rejects when the port is in use and when the seed or the saved world
 * is invalid.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? (() => new Date());
  const raised = new Map(Object.entries(options.seed.quotas ?? {}));
  const { world, newClusters } = openWorld(options, clock());
  const state: SandboxState = {
    world,
    sessions: new Map(),
    userSessions: new Map(),
    quotasOf: (account) => ({ ...DEFAULT_QUOTAS, ...raised.get(account) }),
    clock,
    ...(options.elapsed === undefined ? {} : { elapsed: options.elapsed }),
    calls: [],
    denials: [],
    trail: [],
    lookups: new Map(),
    lastUsed: new Map(),
    used: new Map(),
    accessReports: new Map(),
    analyzers: (options.seed.analyzers ?? []).map((one) => ({ createdAt: clock().toISOString(), ...one })),
    kubernetesToken: randomBytes(32).toString('base64url'),
    timing: timingOf(options),
    faults: activeFaults(options.faults ?? []),
    earlierRoles: new Map(),
    earlierAssociations: new Map(),
    changes: new Map(),
    clusterRules: new Map(),
    answeredTokens: new Map(),
    agentCache: new Map(),
  };
  seedState(state, options.seed, newClusters);
  const server = await startServer(options.port ?? 0, (endpoint, request) => {
    const answer = answerRequest(state, endpoint, request);
    return { ...answer, headers: { date: clock().toUTCString(), ...answer.headers } };
  });
  const agentUrl = `${server.endpoint}${AGENT_PATH}`;
  const { kubernetes, removePodFiles } = createKubernetes(state, server.endpoint, agentUrl);
  const ambient = state.world.ambientAccount;
  return {
    endpoint: server.endpoint,
    accessKeyId: (account = ambient) => account,
    secretAccessKey: SANDBOX_SECRET_ACCESS_KEY,
    environment: (account = ambient, region = 'us-west-2') => environment(server.endpoint, account, region),
    kubernetes,
    calls: () => state.calls,
    callCounts: () => countCalls(state.calls),
    denials: () => state.denials,
    faults: {
      set: (faults) => {
        state.faults = activeFaults(faults);
      },
      clear: () => {
        state.faults = [];
      },
    },
    setTiming: (timing) => {
      state.timing = { ...state.timing, ...timing };
    },
    save: () => saveWorld(state.world),
    stop: async () => {
      removePodFiles();
      await closePodWorkers();
      await server.stop();
    },
  };
}
