import type { Plain } from './entryLines';

/** One entry: the map that it goes into (`['workloads']`, `['environments', 'prod', 'clusters']`), its key there, and what it is. */
export interface NewEntry {
  readonly into: readonly string[];
  readonly key: string;
  readonly value: Plain;
}
