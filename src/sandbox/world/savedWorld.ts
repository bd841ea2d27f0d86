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

/** The first missing part of a saved world: accounts, clusters, or a record in one of them. Undefined when nothing is missing. */
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

/** Reads the text that `saveWorld` wrote. Throws for any other text and for another version. */
export function restoreWorld(text: string): World {
  const value: unknown = JSON.parse(text, withoutPrototype);
  if (!isRecord(value)) throw new Error('it is not a JSON object');
  if (value.version !== 1) throw new Error('its version is not 1');
  const missing = missingIn(value);
  if (missing !== undefined) throw new Error(`it lacks ${missing}`);
  return value as unknown as World;
}

/**
 * Updates a saved world with a seed, and returns it. Entities that only the seed has are added. The properties of clusters that nothing in the
 * sandbox can change (issuer, version, Auto Mode, nodes and their roles) are those of the seed. Everything else stays as it was saved.
 */
export function updateFromSeed(saved: World, seeded: World): World {
  saved.ambientAccount = seeded.ambientAccount;
  for (const [arn, cluster] of Object.entries(seeded.clusters)) {
    saved.clusters[arn] = updateCluster(saved.clusters[arn], cluster);
  }
  for (const [id, { roles, policies, oidcProviders }] of Object.entries(seeded.accounts)) {
    const account = accountOf(saved, id);
    addMissing(account.roles, roles);
    addMissing(account.policies, policies);
    addMissing(account.oidcProviders, oidcProviders);
  }
  return saved;
}

function updateCluster(saved: ClusterState | undefined, seeded: ClusterState): ClusterState {
  if (saved === undefined) return seeded;
  const { issuer, version, autoMode, nodes, nodeGroups = [], nodeRoleArn } = seeded;
  const followed = { ...saved, issuer, version, autoMode, nodes, nodeGroups };
  if (nodeRoleArn === undefined) delete followed.nodeRoleArn;
  else followed.nodeRoleArn = nodeRoleArn;
  return followed;
}

function addMissing<T>(saved: Record<string, T>, seeded: Readonly<Record<string, T>>): void {
  for (const [key, value] of Object.entries(seeded)) saved[key] ??= value;
}
