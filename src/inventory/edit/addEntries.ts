import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import { type Finding, mistake } from '../Finding';
import { formatPath } from '../source/plainData';
import { findPosition, type Position, type Source, type YamlTree } from '../source/Source';
import { type EditableFile, editFile, type NewEntry, withEntries } from './editFile';
import { entryLines, type Plain } from './entryLines';
import { badForm, EDIT_RULES, type Obstacle } from './obstacles';
import { insertPairs } from './pairSplices';
import { type PairInMap, walkDown } from './walkDown';
import {
  endOf,
  indentBefore,
  isFlow,
  lastLineEnd,
  lineBreak,
  lineEnd,
  pairOf,
  pairsOf,
  type Splice,
  startOf,
} from './yamlText';

/** The position of an entry in the new text. */
export interface PlacedEntry extends Position {
  readonly path: string;
}

/**
 * Adds entries to maps of an inventory's file. Everything in the file stays: comments, blanks, quotes, line breaks, a byte order mark, the
 * order of keys. Only an empty map (`{}`) is replaced by its new entries. An entry becomes the last of its map, in the file's indentation
 * and line breaks. A missing map is added after the last one. The result is parsed and compared: only the entries may differ.
 *
 * It returns a finding when the file cannot be read, has one of the keys, or has a map that is an alias, has an anchor with other uses, or is
 * in a style that podlift does not edit. It throws when the edit has another effect than requested, which is a defect of podlift.
 */
export function addEntries(
  file: EditableFile,
  entries: readonly NewEntry[],
): { edit: { readonly text: string; readonly places: readonly PlacedEntry[] } } | { refusal: Finding } {
  const edited = editFile(file, {
    entries,
    splices: (text, source) => addedSplices(text, source, entries),
    path: [],
    doing: `adding entries to ${file.file}`,
  });
  if ('refusal' in edited) return edited;
  const { mark, after, source } = edited;
  const places = entries.map(({ into, key }) => {
    const path = [...into, key];
    return { path: formatPath(path), ...findPosition(source, path, 'key') };
  });
  return { edit: { text: mark + after, places } };
}

/** The changes that add entries to a file, or the obstacle that prevents them. */
function addedSplices(text: string, source: Source, entries: readonly NewEntry[]): readonly Splice[] | Obstacle {
  const step = indentStep(text, source.tree.root);
  const additions = new Map<unknown, Addition>();
  for (const entry of entries) {
    const found = additionFor(source.tree, entry);
    if ('rule' in found) return found;
    // Entries for one map are added together: between braces each further pair needs its comma.
    const addition = additions.get(found.map ?? found.parent?.pair) ?? found;
    addition.entries.push({ ...entry, into: entry.into.slice(addition.depth) });
    additions.set(addition.map ?? addition.parent?.pair, addition);
  }
  const splices: Splice[] = [];
  // At one offset the addition to the inner map comes first.
  for (const { map, parent, way, ...addition } of [...additions.values()].toSorted((a, b) => b.depth - a.depth)) {
    const pairs = Object.entries(withEntries({}, addition.entries)) as Pairs;
    const made = map ? added(text, map, parent, pairs, step) : parent && filled(text, parent, pairs, step);
    if (made === undefined) return badForm(map ?? null, way, nameOf(way));
    splices.push(...made);
  }
  return splices;
}

/** Entries for one map of the file. */
interface Addition {
  /** The deepest existing map on the way to the entries; undefined for a key without a value. */
  readonly map?: YAMLMap;
  /** The pair that has the map, or no value; undefined at the top of the file. */
  readonly parent?: PairInMap;
  readonly depth: number;
  readonly way: readonly string[];
  /** The new entries, each with the missing rest of the way to its map. */
  readonly entries: NewEntry[];
}

/** Finds the map of an entry, or the obstacle that prevents the addition. */
function additionFor(tree: YamlTree, { into, key }: NewEntry): Addition | Obstacle {
  const { depth, node, parent, obstacle } = walkDown(tree, into, (at) => nameOf(into.slice(0, at)));
  const way = into.slice(0, depth);
  if (obstacle) return { ...obstacle, path: way };
  // A key without a value, as in `workloads:`.
  const isEmpty = node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
  const addition = { ...(parent && { parent }), depth, way, entries: [] };
  if (isEmpty && parent) return addition;
  if (!isMap(node)) return badForm(node, way, nameOf(way));
  const taken = depth === into.length ? pairOf(node, key) : undefined;
  if (taken === undefined) return { ...addition, map: node };
  const message = `${nameOf(way)} already has "${key}"`;
  return { ...mistake(EDIT_RULES.taken, message, 'Give the new entry another key.'), path: way, node: taken.key };
}

function nameOf(way: readonly string[]): string {
  return way.length === 0 ? 'the file' : `\`${way.join('.')}\``;
}

type Pairs = readonly (readonly [string, Plain])[];

/** Adds pairs at the end of a map. */
function added(
  text: string,
  map: YAMLMap,
  parent: PairInMap | undefined,
  pairs: Pairs,
  step: number,
): readonly Splice[] | undefined {
  if (isFlow(map)) {
    const replaces = parent && !isFlow(parent.map) && pairsOf(map).length === 0;
    if (replaces && text.slice(startOf(map) + 1, endOf(text, map) - 1).trim() === '')
      return filled(text, parent, pairs, step, map);
    const others = pairsOf(map);
    const isPlain = others.length > 0 && others.every((pair) => isScalar(pair.key) && pair.key.type === 'PLAIN');
    const lines = pairs.map(([key, value]) => [
      isPlain && typeof value !== 'object'
        ? entryLines(key, value).join('')
        : `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    ]);
    return insertPairs(text, map, lines);
  }
  const last = pairsOf(map).at(-1);
  const indent = last && indentBefore(text, startOf(last.key));
  if (!last || indent === undefined) return undefined;
  const at = behindComments(text, lastLineEnd(text, last), indent);
  return [insertion(text, at, pairs, indent, step, isSpaced(text, map))];
}

/** Writes a block of pairs as the value of a pair of a block map, which has no value or `{}`. */
function filled(
  text: string,
  { map, pair }: PairInMap,
  pairs: Pairs,
  step: number,
  braces?: Node,
): readonly Splice[] | undefined {
  const indent = indentBefore(text, startOf(pair.key));
  if (isFlow(map) || indent === undefined) return undefined;
  const below = indent + ' '.repeat(step);
  const end = endOf(text, braces ?? pair.key);
  const inserted = insertion(text, behindComments(text, lineEnd(text, end), below), pairs, below, step, false);
  if (!braces) return [inserted];
  // The blanks before `{}` go with the braces.
  const from = text.slice(0, startOf(braces)).trimEnd().length;
  return [{ from, to: end, text: '' }, inserted];
}

function insertion(text: string, at: number, pairs: Pairs, indent: string, step: number, spaced: boolean): Splice {
  const eol = lineBreak(text, at);
  const lines = pairs.flatMap(([key, value]) => [
    ...(spaced ? [eol] : []),
    ...entryLines(key, value, step).map((line) => eol + indent + line),
  ]);
  return { from: at, to: at, text: lines.join('') };
}

/** The blanks of one level: as below the file's first key with a block, else 2. */
function indentStep(text: string, root: Node | null): number {
  if (!isMap(root) || isFlow(root)) return 2;
  for (const { value } of pairsOf(root)) {
    const first = isMap(value) && !isFlow(value) ? pairsOf(value)[0] : undefined;
    const indent = first && indentBefore(text, startOf(first.key));
    if (indent !== undefined && indent.length > 0) return indent.length;
  }
  return 2;
}

/** Whether there is a blank line between the last two pairs of a block map. */
function isSpaced(text: string, map: YAMLMap): boolean {
  const [before, last] = pairsOf(map).slice(-2);
  if (!before || !last) return false;
  return /\r?\n[ \t]*\r?\n/.test(text.slice(lastLineEnd(text, before), startOf(last.key)));
}

/**
 * The end of the comments that follow a line and belong to it: comments on their own lines with at least the indentation of the addition.
 * Blank lines count only before such a comment.
 */
function behindComments(text: string, from: number, indent: string): number {
  let end = from;
  let at = from;
  for (;;) {
    const start = at + (/^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0);
    if (start === at) return end;
    at = lineEnd(text, start);
    const line = text.slice(start, at);
    const [blanks = ''] = /^[ \t]*/.exec(line) ?? [];
    const isComment = line[blanks.length] === '#';
    if (isComment && blanks.length >= indent.length) end = at;
    else if (isComment || blanks.length < line.length) return end;
  }
}
