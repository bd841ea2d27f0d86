import { devNull } from 'node:os';
import type { Session } from './api/Principal';
import { type ApiCall, type Denial, NO_DELAYS, type SandboxState, type Timing } from './api/SandboxState';
import { activeFaults, type Faults, type SandboxFault } from './faults';
import { AGENT_PATH, answerRequest } from './http/answerRequest';
import { startServer } from './http/httpServer';
import { createKubernetes, type Kubernetes } from './kubernetes/createKubernetes';
import { seedObjects } from './kubernetes/seedObjects';
import { closePodWorkers } from './podCredentials';
import type { SandboxSeed } from './Seed';
import { SANDBOX_SECRET_ACCESS_KEY } from './http/authenticate';
import { createWorld } from './world/createWorld';
import { clusterByName, type World } from './world/World';
import { followSeed, restoreWorld, saveWorld } from './world/savedWorld';
import { DEFAULT_QUOTAS, type Quotas } from './world/quotas';

export type { ApiCall, Denial } from './api/SandboxState';
export type { SandboxFault } from './faults';
export type { Timing } from './api/SandboxState';
export type { Pod } from './kubernetes/createKubernetes';

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`: for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** The access key id of an account's ambient credentials. Default: the seed's ambient account. */
  readonly accessKeyId: (account?: string) => string;
  readonly secretAccessKey: string;
  /** Environment variables that make any AWS tool an administrator of an account here. Default region: us-west-2. */
  readonly environment: (account?: string, region?: string) => Record<string, string>;
  readonly kubernetes: Omit<Kubernetes, 'deleteAllPods'>;
  /** Every API call since the start, in order. */
  readonly calls: () => readonly ApiCall[];
  /** How often each action was called since the start, by `service:Action` (`iam:GetRole`, `eks:DescribeAddon`). */
  readonly callCounts: () => Readonly<Record<string, number>>;
  /** Every refusal by a policy or a token check since the start, in order, with its reason. */
  readonly denials: () => readonly Denial[];
  /** What goes wrong on purpose, in AWS and in Kubernetes; none unless set. */
  readonly faults: Faults;
  /** How long things take from now on; what is left out stays as it is. Changes under way keep the time they were given. */
  readonly setTiming: (timing: Partial<Timing>) => void;
  /** The world as JSON text for the next start; sessions are left out, so credentials handed out end with the sandbox. */
  readonly save: () => string;
  /** Ends the server and removes the files of all pods. */
  readonly stop: () => Promise<void>;
}

export interface SandboxOptions extends Partial<Timing> {
  readonly seed: SandboxSeed;
  /** Default: 0, any free one. */
  readonly port?: number;
  /** What `save` gave before; the seed then adds what that does not have yet, and says what its clusters are. */
  readonly world?: string;
  /** Quotas that differ from AWS's defaults in every account; those of the seed's accounts go before. */
  readonly quotas?: Partial<Quotas>;
  /** The time in the sandbox. Default: the system's. */
  readonly clock?: () => Date;
  /** Faults that are set from the start. */
  readonly faults?: readonly SandboxFault[];
}

function timingOf(options: Partial<Timing>): Timing {
  const { agentCacheMs, associationPropagationMs, cloudTrailDelay, addonMs, podTerminationMs, jobPodMs } = {
    ...NO_DELAYS,
    ...options,
  };
  return { agentCacheMs, associationPropagationMs, cloudTrailDelay, addonMs, podTerminationMs, jobPodMs };
}

/** The world to start with, and the ARNs of the clusters that it did not have before. */
function openWorld(options: SandboxOptions, time: Date): { world: World; newClusters: readonly string[] } {
  const seeded = createWorld(options.seed, time);
  if (options.world === undefined) return { world: seeded, newClusters: Object.keys(seeded.clusters) };
  const saved = restoreWorld(options.world);
  const newClusters = Object.keys(seeded.clusters).filter((arn) => saved.clusters[arn] === undefined);
  return { world: followSeed(saved, seeded), newClusters };
}

/** What a seed says of things that only a running sandbox knows: objects in Kubernetes, and when roles were last used. */
function seedState(state: SandboxState, seed: SandboxSeed, newClusters: readonly string[]): void {
  for (const cluster of seed.clusters) {
    const found = clusterByName(state.world, cluster.account, cluster.region, cluster.name);
    if (found !== undefined && newClusters.includes(found.arn)) seedObjects(state, found, cluster);
  }
  for (const { account, name, lastUsed } of seed.roles ?? []) {
    const role = state.world.accounts[account]?.roles[name.toLowerCase()];
    const Region = seed.clusters.find((cluster) => cluster.account === account)?.region ?? 'us-east-1';
    if (role !== undefined && lastUsed !== undefined)
      state.lastUsed.set(role.id, { LastUsedDate: new Date(lastUsed), Region });
  }
}

function countCalls(calls: readonly ApiCall[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, action } of calls) {
    const key = `${service}:${action}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The environment of a tool that talks to the sandbox and to nothing else. */
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
 * Starts an embedded AWS on loopback: IAM, STS, EKS, EKS Auth, CloudTrail's event history, the Pod Identity agent and an OIDC issuer and
 * a Kubernetes API for each cluster,
 * with trust and permission policies enforced. Rejects when the port is taken, or the seed or the saved world is wrong.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? (() => new Date());
  const raised = new Map(Object.entries(options.seed.quotas ?? {}));
  const { world, newClusters } = openWorld(options, clock());
  const state: SandboxState = {
    world,
    sessions: new Map<string, Session>(),
    quotasOf: (account) => ({ ...DEFAULT_QUOTAS, ...options.quotas, ...raised.get(account) }),
    clock,
    calls: [],
    denials: [],
    trail: [],
    lastUsed: new Map(),
    timing: timingOf(options),
    faults: activeFaults(options.faults ?? []),
    earlierRoles: new Map(),
    earlierAssociations: new Map(),
    clusterRules: new Map(),
    agentCache: new Map(),
  };
  seedState(state, options.seed, newClusters);
  const server = await startServer(options.port ?? 0, (endpoint, request) => {
    const answer = answerRequest(state, endpoint, request);
    return { ...answer, headers: { date: clock().toUTCString(), ...answer.headers } };
  });
  const { deleteAllPods, ...kubernetes } = createKubernetes(state, server.endpoint, `${server.endpoint}${AGENT_PATH}`);
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
      deleteAllPods();
      await closePodWorkers();
      await server.stop();
    },
  };
}
