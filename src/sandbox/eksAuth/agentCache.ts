import { type CachedCredentials, elapsedTime, type SandboxState } from '../api/SandboxState';
import { AGENT } from '../../inventory/aws/knownAddons';
import type { HttpAnswer } from '../http/httpServer';
import { audiencesOf, isExpired, isSignedBy, podUidOf, readToken, type Token } from '../kubernetes/tokens';
import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';

// The cache of the agent. It serves the credentials of a pod until they end, renews them in the background, and removes them only when a
// renewal shows that they will not come back. A change of the association is seen at the next renewal, by a new pod at once.
// Source: aws/eks-pod-identity-agent cmd/server.go and internal/credsretriever/refreshing_cache.go (d4dc0f3, agent 0.1.37; 08241b2, agent 0.2).
// Not here: the limit of 3 renewals a second, and the second cache of agents that listen on IPv4 and IPv6.

// All time spans are milliseconds.
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** `--max-credential-retention-before-renewal`. */
const RENEWAL = 3 * 60 * MINUTE;

/** The janitor's interval: it renews what is due, then removes what has ended. */
const JANITOR = MINUTE;

/** After a failure that can pass: one minute, and at most one more by chance. Here always the longest. */
const RETRY = 2 * MINUTE;

/** Credentials that end sooner are neither stored nor served. */
const SHORTEST_LIFE = 15 * SECOND;

/** After this time each agent has asked EKS Auth once more for each pod. */
export const AGENTS_RENEW_MS = RENEWAL + JANITOR;

/** `--max-cache-size`: the entry that was used least recently goes first. */
const MOST_ENTRIES = 2000;

/** The first version of the add-on with agent 0.2. Source: the dates of both releases (August 2026), so this is inferred. */
const BY_POD_SINCE = [1, 4, 0] as const;

/** True for versions of the add-on whose agent keeps credentials by pod; older agents keep them by token. */
function keepsByPod(version: string): boolean {
  const [, ...numbers] = /^v(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  for (const [index, least] of BY_POD_SINCE.entries()) {
    const number = Number(numbers[index] ?? 0);
    if (number !== least) return number > least;
  }
  return true;
}

/**
 * The agent that runs on a node: another version or a new installation starts with an empty cache. The version that Auto Mode has is not
 * documented: a cache by pod keeps credentials longer, so this is the careful reading.
 */
function agentOn(cluster: ClusterState, node: SeedNode | undefined): { readonly id: string; readonly byPod: boolean } {
  const addon = cluster.addons[AGENT];
  if (addon === undefined || node?.compute === 'auto') return { id: `${cluster.arn} auto`, byPod: true };
  return { id: `${addon.arn} ${addon.version}`, byPod: keepsByPod(addon.version) };
}

/** Whose credentials an agent keeps. */
export interface CacheKey {
  /** The agent that keeps them. */
  readonly agent: string;
  readonly key: string;
}

/** The key of a pod in the cache of the agent on its node. */
export function cacheKeyOf(
  cluster: ClusterState,
  node: SeedNode | undefined,
  authorization: string,
  token: Token,
): CacheKey {
  const { id, byPod } = agentOn(cluster, node);
  const uid = podUidOf(token);
  return { agent: id, key: `${id} ${byPod && uid !== undefined ? uid : authorization}` };
}

/** The credentials that an agent has for a token; an agent that keeps them by pod checks a new token of the pod itself. */
export function cachedAnswer(
  state: SandboxState,
  cluster: ClusterState,
  { key }: CacheKey,
  authorization: string,
): HttpAnswer | undefined {
  const entry = state.agentCache.get(key);
  if (entry === undefined) return undefined;
  const now = elapsedTime(state);
  if (entry.endsAt - now <= SHORTEST_LIFE) {
    state.agentCache.delete(key);
    return undefined;
  }
  if (entry.authorization !== authorization && !isValid(authorization, cluster, state)) return undefined;
  state.agentCache.delete(key);
  state.agentCache.set(key, { ...entry, authorization, tokenEndsAt: tokenEnd(state, authorization, now) });
  return entry.answer;
}

function isValid(authorization: string, cluster: ClusterState, state: SandboxState): boolean {
  const token = readToken(authorization);
  return (
    token !== undefined &&
    isSignedBy(token, cluster) &&
    !isExpired(token, state.clock()) &&
    audiencesOf(token).includes('pods.eks.amazonaws.com')
  );
}

/** When a token ends, in the time that passes for the agents. */
function tokenEnd(state: SandboxState, authorization: string, now: number): number {
  const exp = readToken(authorization)?.claims.exp;
  return typeof exp === 'number' ? now + exp * SECOND - state.clock().getTime() : now;
}

/** New credentials of a pod, as EKS Auth gave them to its agent. */
export interface FreshCredentials {
  readonly answer: HttpAnswer;
  readonly expiration: Date;
}

/** Keeps credentials for further requests, where the agents have a cache. */
export function keepAnswer(
  state: SandboxState,
  { agent, key }: CacheKey,
  authorization: string,
  { answer, expiration }: FreshCredentials,
  renew: CachedCredentials['renew'],
): void {
  if (!state.timing.agentCache) return;
  const now = elapsedTime(state);
  const life = expiration.getTime() - state.clock().getTime();
  if (life <= SHORTEST_LIFE) return;
  state.agentCache.delete(key);
  state.agentCache.set(key, {
    agent,
    answer,
    authorization,
    renew,
    renewAt: nextTick(now + Math.min(life, RENEWAL)),
    endsAt: now + life,
    tokenEndsAt: tokenEnd(state, authorization, now),
  });
  const [oldest] = state.agentCache.keys();
  if (state.agentCache.size > MOST_ENTRIES && oldest !== undefined) state.agentCache.delete(oldest);
}

function nextTick(at: number): number {
  return Math.ceil(at / JANITOR) * JANITOR;
}

/**
 * Errors of EKS Auth after which a renewal removes the credentials. All other failures keep them until they end.
 * Source: aws/eks-pod-identity-agent internal/cloud/eksauth/errors.go (IsIrrecoverableApiError)
 */
const FINAL_ERRORS: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'ExpiredTokenException',
  'InvalidTokenException',
  'AccessDeniedException',
]);

/**
 * What the janitors of all agents did since the last request. Only requests change the sandbox, so each renewal sees what it would have seen at
 * its time. Call this before a request is handled.
 */
export function renewCachedCredentials(state: SandboxState): void {
  if (!state.timing.agentCache) state.agentCache.clear();
  const now = elapsedTime(state);
  for (;;) {
    const due = [...state.agentCache].filter(([, entry]) => dueAt(entry) <= now);
    if (due.length === 0) return;
    for (const [key, entry] of due.sort(([, one], [, other]) => dueAt(one) - dueAt(other)))
      renewOne(stateAt(state, dueAt(entry)), key, entry);
  }
}

function dueAt({ renewAt, endsAt }: CachedCredentials): number {
  return Math.min(renewAt, endsAt);
}

/** The state at an earlier time. Where the time passes by hand, the clock did not: an event happens now. */
function stateAt(state: SandboxState, at: number): SandboxState {
  return state.elapsed === undefined ? { ...state, clock: () => new Date(at) } : { ...state, elapsed: () => at };
}

function renewOne(state: SandboxState, key: string, entry: CachedCredentials): void {
  const now = elapsedTime(state);
  state.agentCache.delete(key);
  // The agent is gone, or EKS Auth would answer ExpiredTokenException.
  if (!isRunning(state, entry.agent) || entry.tokenEndsAt <= now) return;
  const renewed = entry.renewAt <= now ? entry.renew(state, entry.authorization) : undefined;
  if (renewed !== undefined && 'expiration' in renewed)
    keepAnswer(state, { agent: entry.agent, key }, entry.authorization, renewed, entry.renew);
  else if (entry.endsAt > now && (renewed === undefined || !FINAL_ERRORS.has(renewed.code)))
    state.agentCache.set(key, { ...entry, renewAt: nextTick(now + RETRY) });
}

function isRunning(state: SandboxState, agent: string): boolean {
  return Object.values(state.world.clusters).some((cluster) => {
    const addon = cluster.addons[AGENT];
    return agent === `${cluster.arn} auto` || (addon !== undefined && agent === `${addon.arn} ${addon.version}`);
  });
}
