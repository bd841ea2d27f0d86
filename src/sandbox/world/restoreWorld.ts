import { recordOf } from './recordOf';
import type { World } from './World';

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
