import { accountOf, type ClusterState, recordOf, type World } from './World';

/** A world as JSON text. */
export function saveWorld(world: World): string {
  return JSON.stringify(world);
}

function withoutPrototype(_key: string, value: unknown): unknown {
  return isRecord(value) ? recordOf(Object.entries(value)) : value;
}

const PARTS = {
  accounts: ['roles', 'policies', 'oidcProviders'],
  clusters: ['tags', 'addons', 'associations', 'updates', 'objects'],
} as const;

/** Names what a saved world lacks, first of all its accounts and clusters, then the records in each of them. */
function missingIn(world: Readonly<Record<string, unknown>>): string | undefined {
  for (const [kind, parts] of Object.entries(PARTS)) {
    if (!isRecord(world[kind])) return kind;
    for (const [key, entry] of Object.entries(world[kind])) {
      const part = parts.find((name) => !isRecord(entry) || !isRecord(entry[name]));
      if (part !== undefined) return `${part} of ${key}`;
    }
  }
  return typeof world.ambientAccount === 'string' ? undefined : 'ambientAccount';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The world that `saveWorld` wrote. Throws when the text is not one, or of another version. */
export function restoreWorld(text: string): World {
  const value: unknown = JSON.parse(text, withoutPrototype);
  if (!isRecord(value)) throw new Error('it is no object');
  if (value.version !== 1) throw new Error('it is of another version than 1');
  const missing = missingIn(value);
  if (missing !== undefined) throw new Error(`it lacks ${missing}`);
  return value as unknown as World;
}

/**
 * Brings a saved world up to a seed: what its inventory has gained since is added, and clusters are what it now says they are
 * (issuer, version, Auto Mode, nodes and their roles), since nothing in the sandbox can change those. All else that stands in both is left as it was
 * saved. Gives the saved world.
 */
export function followSeed(saved: World, seeded: World): World {
  saved.ambientAccount = seeded.ambientAccount;
  for (const [arn, cluster] of Object.entries(seeded.clusters)) {
    saved.clusters[arn] = followCluster(saved.clusters[arn], cluster);
  }
  for (const [id, { roles, policies, oidcProviders }] of Object.entries(seeded.accounts)) {
    const account = accountOf(saved, id);
    addTo(account.roles, roles);
    addTo(account.policies, policies);
    addTo(account.oidcProviders, oidcProviders);
  }
  return saved;
}

function followCluster(saved: ClusterState | undefined, seeded: ClusterState): ClusterState {
  if (saved === undefined) return seeded;
  const { issuer, version, autoMode, nodes, nodeGroups = [], nodeRoleArn } = seeded;
  const followed = { ...saved, issuer, version, autoMode, nodes, nodeGroups };
  if (nodeRoleArn === undefined) delete followed.nodeRoleArn;
  else followed.nodeRoleArn = nodeRoleArn;
  return followed;
}

function addTo<T>(saved: Record<string, T>, seeded: Readonly<Record<string, T>>): void {
  for (const [key, value] of Object.entries(seeded)) saved[key] ??= value;
}
