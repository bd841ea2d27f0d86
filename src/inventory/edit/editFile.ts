import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../Finding';
import { unknownKey } from '../schema/shapeIssues';
import { parseSource } from '../source/parseSource';
import { emptyMap, type PlainMap } from '../source/plainData';
import { findingIn, type Source } from '../source/Source';
import type { Plain } from './entryLines';
import { EDIT_RULES, type Obstacle, obstacleFinding } from './obstacles';
import { applySplices, type Splice } from './yamlText';

/** One file of an inventory. */
export interface EditableFile {
  /** The name of the file in findings. */
  readonly file: string;
  readonly text: string;
}

/** One entry: the map that gets it (`['workloads']`, `['environments', 'prod', 'clusters']`), its key there, and its value. */
export interface NewEntry {
  readonly into: readonly string[];
  readonly key: string;
  readonly value: Plain;
}

/** A change of a file. */
interface FileEdit {
  /** The entries that the change adds or replaces. */
  readonly entries: readonly NewEntry[];
  /** The path of the pair that the change removes from the file; undefined: nothing. */
  readonly removed?: (source: Source) => readonly string[] | undefined;
  /** The changes of the text without its byte order mark, or the obstacle that prevents them. */
  readonly splices: (text: string, source: Source) => readonly Splice[] | Obstacle;
  /** The path of an obstacle without its own path. */
  readonly path: readonly string[];
  /** For the error: `adding entries to inventory.yaml`. */
  readonly doing: string;
}

/** A text before and after a change without its byte order mark, and the mark or an empty text. */
interface EditedFile {
  readonly mark: string;
  readonly before: string;
  readonly after: string;
  readonly source: Source;
}

/**
 * Changes a file of an inventory, then parses and compares the result: only the entries may differ. An unreadable file and an obstacle
 * give a finding. It throws when the change has another effect than requested, which is a defect of podlift.
 */
export function editFile({ file, text }: EditableFile, edit: FileEdit): EditedFile | { refusal: Finding } {
  const { entries, path, doing } = edit;
  const mark = /^\uFEFF*/.exec(text)?.[0] ?? '';
  const before = text.slice(mark.length);
  const { source, findings } = parseSource(before, file);
  // Beside a mistyped section (`acounts:`) the edit would write a second one.
  const [mistyped] = source?.written.values() ?? [];
  const problem = findings[0] ?? (source && mistyped && findingIn(source, unknownKey(mistyped, [])));
  if (problem) {
    const message = `${problem.file} cannot be edited: ${problem.message}`;
    return { refusal: { ...problem, rule: EDIT_RULES.unreadable.name, message } };
  }
  if (!source) throw new Error(`${file} has neither content nor a mistake`);

  const changes = edit.splices(before, source);
  if ('rule' in changes) return { refusal: obstacleFinding(source, changes, path) };
  const after = applySplices(before, changes);
  const { source: edited } = parseSource(after, file);
  const added = withEntries(source.data, entries);
  const removed = edit.removed?.(source);
  const expected = removed === undefined ? added : withoutEntry(added, removed);
  if (!edited || !isDeepStrictEqual(edited.data, expected))
    throw new Error(`${doing} would also change something else; nothing was written`);
  return { mark, before, after, source: edited };
}

/** The data of a file with added entries and the maps that they need. */
export function withEntries(data: Readonly<PlainMap>, entries: readonly NewEntry[]): Readonly<PlainMap> {
  const result = copy(data);
  for (const { into, key, value } of entries) {
    let map = result;
    for (const segment of into) map = below(map, segment);
    map[key] = bare(value);
  }
  return result;
}

/** The data of a file without the entry at a path, which exists. */
function withoutEntry(data: Readonly<PlainMap>, path: readonly string[]): Readonly<PlainMap> {
  const result = copy(data);
  let map = result;
  for (const segment of path.slice(0, -1)) map = below(map, segment);
  Reflect.deleteProperty(map, path.at(-1) ?? '');
  return result;
}

/** A copy of the map (or of the list, whose positions are its keys) under a key, put in its place. */
function below(map: PlainMap, key: string): PlainMap {
  const value = map[key];
  const made = Array.isArray(value) ? ([...(value as readonly unknown[])] as unknown as PlainMap) : copy(value ?? {});
  map[key] = made;
  return made;
}

function copy(entries: object): PlainMap {
  return Object.assign(emptyMap(), entries);
}

/** A value as `parseSource` would read it: without prototypes, and without undefined fields. */
function bare(value: Plain): unknown {
  if (Array.isArray(value)) return (value as readonly Plain[]).map(bare);
  if (typeof value !== 'object') return value;
  return copy(
    Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, bare(item)]]))),
  );
}
