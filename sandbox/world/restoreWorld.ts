import { recordOf } from './recordOf';
import type { World } from './World';

/** A world as JSON text. */
export function saveWorld(world: World): string {
  return JSON.stringify(world);
}

function withoutPrototype(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? recordOf(Object.entries(value)) : value;
}

/** The world that `saveWorld` wrote. Throws when the text is not one, or of another version. */
export function restoreWorld(text: string): World {
  const value: unknown = JSON.parse(text, withoutPrototype);
  if (typeof value !== 'object' || value === null || !('accounts' in value) || !('clusters' in value)) {
    throw new Error('the text is no saved sandbox: accounts and clusters are missing');
  }
  if (!('version' in value) || value.version !== 1) {
    throw new Error('the saved sandbox is of another version: 1 is needed, so start from the seed again');
  }
  return value as World;
}
