import type { CachedCredentials, SandboxState } from '../api/SandboxState';
import { AGENT } from '../eks/addonCatalogue';
import type { HttpAnswer } from '../http/httpServer';
import { audiencesOf, isExpired, isSignedBy, podUidOf, readToken, type Token } from '../kubernetes/tokens';
import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';

// The cache of the agent. It serves the credentials of a pod until they end, renews them in the background, and removes them only when a
// renewal shows that they will not come back. A change of the association is seen at the next renewal, by a new pod at once.
// Source: aws/eks-pod-identity-agent cmd/server.go and internal/credsretriever/refreshing_cache.go (d4dc0f3, agent 0.1.37; 08241b2, agent 0.2).
// Not here: the limit of 3 renewals a second, and the second cache of agents that listen on IPv4 and IPv6.

/** `--max-credential-retention-before-renewal`, in hours. */
const RENEWAL = 3;

/** The janitor's interval, in hours: it renews what is due, then removes what has ended. */
const JANITOR = 1 / 60;

/** After a failure that can pass, in hours: one minute, and at most one more by chance. Here always the longest. */
const RETRY = 2 / 60;

/** Credentials that end sooner are neither stored nor served, in hours. */
const SHORTEST_LIFE = 15 / 3600;

/** `--max-cache-size`: the entry that was used least recently goes first. */
const MOST_ENTRIES = 2000;

/** The first version of the add-on with agent 0.2. Source: the dates of both releases (August 2026), so this is inferred. */
const BY_POD_SINCE = [1, 4, 0] as const;

/** Milliseconds. */
const HOUR = 3_600_000;

/** The time that passes in the agents in `hours`. */
function lasting(state: SandboxState, hours: number): number {
  return hours * state.timing.agentHourMs;
}

/** A time span of AWS in milliseconds, as it passes in the agents. */
function scaled(state: SandboxState, ms: number): number {
  return lasting(state, ms / HOUR);
}

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
  const now = state.clock().getTime();
  if (entry.endsAt - now <= lasting(state, SHORTEST_LIFE)) {
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

/** When a token ends for the agent. */
function tokenEnd(state: SandboxState, authorization: string, now: number): number {
  const exp = readToken(authorization)?.claims.exp;
  return now + scaled(state, (typeof exp === 'number' ? exp * 1000 : now) - now);
}

/** New credentials of a pod, as EKS Auth gave them to its agent. */
export interface FreshCredentials {
  readonly answer: HttpAnswer;
  readonly expiration: Date;
}

/** Keeps credentials for further requests. Nothing is kept when the hours of the agents take no time. */
export function keepAnswer(
  state: SandboxState,
  { agent, key }: CacheKey,
  authorization: string,
  { answer, expiration }: FreshCredentials,
  renew: CachedCredentials['renew'],
): void {
  if (state.timing.agentHourMs <= 0) return;
  const now = state.clock().getTime();
  const life = Math.ceil(scaled(state, expiration.getTime() - now));
  if (life <= lasting(state, SHORTEST_LIFE)) return;
  state.agentCache.delete(key);
  state.agentCache.set(key, {
    agent,
    answer,
    authorization,
    renew,
    renewAt: nextTick(state, now + Math.min(life, lasting(state, RENEWAL))),
    endsAt: now + life,
    tokenEndsAt: tokenEnd(state, authorization, now),
  });
  const [oldest] = state.agentCache.keys();
  if (state.agentCache.size > MOST_ENTRIES && oldest !== undefined) state.agentCache.delete(oldest);
}

function nextTick(state: SandboxState, at: number): number {
  const interval = lasting(state, JANITOR);
  return Math.ceil(Math.ceil(at / interval) * interval);
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
  if (state.timing.agentHourMs <= 0) state.agentCache.clear();
  const now = state.clock().getTime();
  for (;;) {
    const [next] = [...state.agentCache]
      .filter(([, entry]) => dueAt(entry) <= now)
      .sort(([, one], [, other]) => dueAt(one) - dueAt(other));
    if (next === undefined) return;
    const [key, entry] = next;
    const at = dueAt(entry);
    renewOne({ ...state, clock: () => new Date(at) }, key, entry);
  }
}

function dueAt({ renewAt, endsAt }: CachedCredentials): number {
  return Math.min(renewAt, endsAt);
}

function renewOne(state: SandboxState, key: string, entry: CachedCredentials): void {
  const now = state.clock().getTime();
  state.agentCache.delete(key);
  // The agent is gone, or EKS Auth would answer ExpiredTokenException.
  if (!isRunning(state, entry.agent) || entry.tokenEndsAt <= now) return;
  const renewed = entry.renewAt <= now ? entry.renew(state, entry.authorization) : undefined;
  if (renewed !== undefined && 'expiration' in renewed)
    keepAnswer(state, { agent: entry.agent, key }, entry.authorization, renewed, entry.renew);
  else if (entry.endsAt > now && (renewed === undefined || !FINAL_ERRORS.has(renewed.code)))
    state.agentCache.set(key, { ...entry, renewAt: nextTick(state, now + lasting(state, RETRY)) });
}

function isRunning(state: SandboxState, agent: string): boolean {
  return Object.values(state.world.clusters).some((cluster) => {
    const addon = cluster.addons[AGENT];
    return agent === `${cluster.arn} auto` || (addon !== undefined && agent === `${addon.arn} ${addon.version}`);
  });
}
