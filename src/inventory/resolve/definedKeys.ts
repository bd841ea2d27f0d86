import type { Merged } from '../source/mergeSources';
import { formatPath } from '../source/formatPath';
import { suggest } from '../suggest';
import type { Defined } from './Model';

/** The keys that the files define, whether or not what stands behind them could be read. */
export function definedKeys({ raw, unreadable, sourceOf }: Pick<Merged, 'raw' | 'unreadable' | 'sourceOf'>): Defined {
  const inEnvironments = (field: string): ReadonlyMap<string, ReadonlySet<string>> =>
    new Map(
      Object.entries(raw.environments).map(([key, environment]) => [key, new Set(keysOf(fieldOf(environment, field)))]),
    );
  return {
    accounts: new Set(keysOf(raw.accounts)),
    environments: new Set(keysOf(raw.environments)),
    waves: new Set(keysOf(raw.waves)),
    workloads: new Set(keysOf(raw.workloads)),
    staged: new Set(
      keysOf(raw.workloads).filter((key) => {
        // A value that could not be read is left out of what the file has.
        const refused = sourceOf(['workloads', key])?.refused;
        const isRefused = STAGED_BY.some((field) => refused?.has(formatPath(['workloads', key, field])));
        return isRefused || writesStage(raw.workloads[key]);
      }),
    ),
    clusters: inEnvironments('clusters'),
    values: inEnvironments('values'),
    unreadable,
  };
}

const STAGED_BY = ['wave', 'stage'] as const;

function writesStage(workload: unknown): boolean {
  const overrides = fieldOf(workload, 'overrides');
  return [workload, ...keysOf(overrides).map((key) => fieldOf(overrides, key))]
    .flatMap(keysOf)
    .some((key) => suggest(key, STAGED_BY) !== undefined);
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
