import type { Merged } from '../source/mergeSources';
import type { Defined } from './Model';

/** The keys that the files define, whether or not what stands behind them could be read. */
export function definedKeys(raw: Merged['raw'], unreadable: Merged['unreadable']): Defined {
  const inEnvironments = (field: string): ReadonlyMap<string, ReadonlySet<string>> =>
    new Map(
      Object.entries(raw.environments).map(([key, environment]) => [key, new Set(keysOf(fieldOf(environment, field)))]),
    );
  return {
    accounts: new Set(keysOf(raw.accounts)),
    environments: new Set(keysOf(raw.environments)),
    waves: new Set(keysOf(raw.waves)),
    workloads: new Set(keysOf(raw.workloads)),
    clusters: inEnvironments('clusters'),
    values: inEnvironments('values'),
    unreadable,
  };
}

function fieldOf(value: unknown, field: string): unknown {
  return isMap(value) ? value[field] : undefined;
}

function keysOf(value: unknown): readonly string[] {
  return isMap(value) ? Object.keys(value) : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
