import type { NewEntry } from './NewEntry';
import type { Plain } from './entryLines';

type Data = Readonly<Record<string, unknown>>;

/** Plain data of a file as it is after entries were added; maps that are not there are added. Maps have no prototype. */
export function withEntries(data: Data, entries: readonly NewEntry[]): Data {
  const result = copy(data);
  for (const { into, key, value } of entries) {
    let map = result;
    for (const segment of into) map = below(map, segment);
    map[key] = bare(value);
  }
  return result;
}

/** The map under a key of a map that is this edit's own, made its own as well. */
function below(map: Record<string, unknown>, key: string): Record<string, unknown> {
  const made = copy(map[key] ?? {});
  map[key] = made;
  return made;
}

function copy(entries: object): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, entries);
}

/** As a file's content is parsed: without prototypes, and without what is absent. */
function bare(value: Plain): unknown {
  if (Array.isArray(value)) return (value as readonly Plain[]).map(bare);
  if (typeof value !== 'object') return value;
  return copy(
    Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, bare(item)]]))),
  );
}
