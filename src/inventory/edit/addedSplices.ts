import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import type { Source, Tree } from '../source/Source';
import type { NewEntry } from './NewEntry';
import type { Splice } from './applySplices';
import { EDIT_RULES } from './editRules';
import { entryJson, entryLines, type Plain } from './entryLines';
import { insertPairs } from './insertPairs';
import { indentBefore, lineBreak, lineEnd } from './lines';
import { endOf, isFlow, lastLineEnd, pairOf, pairsOf, startOf } from './nodes';
import { behindComments, indentStep, isSpaced } from './spacing';
import { type Held, type Obstacle, walkDown } from './walkDown';
import { withEntries } from './withEntries';

/** The changes that add entries to a file, or what keeps them from being made. */
export function addedSplices(text: string, source: Source, entries: readonly NewEntry[]): readonly Splice[] | Obstacle {
  const step = indentStep(text, source.tree.root);
  const places = new Map<unknown, Place>();
  for (const entry of entries) {
    const found = placeFor(source.tree, entry);
    if ('rule' in found) return found;
    // What is missing in one map is added together: between braces, each further pair needs its comma.
    const place = places.get(found.map ?? found.parent?.pair) ?? found;
    place.entries.push({ ...entry, into: entry.into.slice(place.depth) });
    places.set(place.map ?? place.parent?.pair, place);
  }
  const splices: Splice[] = [];
  // Of what is added at one offset, that of the inner map stands first.
  for (const place of [...places.values()].toSorted((a, b) => b.depth - a.depth)) {
    const { map, parent } = place;
    const pairs = Object.entries(withEntries({}, place.entries)) as Pairs;
    const made =
      map === undefined
        ? parent && filled(text, parent, Object.fromEntries(pairs), step)
        : added(text, map, parent, pairs, step);
    if (made === undefined) return badForm(place);
    splices.push(...made);
  }
  return splices;
}

/** Where entries are added. */
interface Place {
  /** The deepest map of their way that the file has; undefined for a key without a value. */
  readonly map?: YAMLMap;
  /** The pair that has the map, or no value; undefined at the top of the file. */
  readonly parent?: Held;
  /** How deep the map is. */
  readonly depth: number;
  readonly way: readonly string[];
  /** What is added, each with the rest of the way to its map. */
  readonly entries: NewEntry[];
}

/** Where an entry is added, or what keeps it from being added. */
function placeFor(tree: Tree, { into, key }: NewEntry): Place | Obstacle {
  const { depth, node, parent, obstacle } = walkDown(tree, into, (at) => nameOf(into.slice(0, at)));
  const way = into.slice(0, depth);
  if (obstacle) return { ...obstacle, path: way };
  // A key without a value, as in `workloads:`; nothing else is written as the empty text.
  const isEmpty = node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
  const place = { ...(parent && { parent }), depth, way, entries: [] };
  if (isEmpty && parent) return place;
  if (!isMap(node)) return { ...badForm(place), ...(node && { node }) };
  const taken = depth === into.length ? pairOf(node, key) : undefined;
  if (taken === undefined) return { ...place, map: node };
  return {
    rule: EDIT_RULES.taken,
    path: way,
    node: taken.key,
    message: `${nameOf(way)} has "${key}" already`,
    hint: 'Give the new entry another key.',
  };
}

function nameOf(way: readonly string[]): string {
  return way.length === 0 ? 'the file' : `\`${way.join('.')}\``;
}

function badForm({ map, way }: Place): Obstacle {
  return {
    rule: EDIT_RULES.form,
    path: way,
    ...(map && { node: map }),
    message: `${nameOf(way)} is written in a form that podlift does not add to`,
    hint: 'Write each of its keys at the beginning of a line (without `? `), or all between braces.',
  };
}

type Pairs = readonly (readonly [string, Plain])[];

/** Adds pairs at the end of a map. */
function added(
  text: string,
  map: YAMLMap,
  parent: Held | undefined,
  pairs: Pairs,
  step: number,
): readonly Splice[] | undefined {
  if (isFlow(map)) {
    const replaces = parent && !isFlow(parent.map) && pairsOf(map).length === 0;
    if (replaces && text.slice(startOf(map) + 1, endOf(text, map) - 1).trim() === '')
      return filled(text, parent, Object.fromEntries(pairs), step, map);
    return insertPairs(
      text,
      map,
      pairs.map(([key, value]) => [entryJson(key, value)]),
    );
  }
  const last = pairsOf(map).at(-1);
  const indent = last && indentBefore(text, startOf(last.key));
  if (!last || indent === undefined) return undefined;
  const at = behindComments(text, lastLineEnd(text, last), indent);
  return [insertion(text, at, pairs, indent, step, isSpaced(text, map))];
}

/** Gives a pair of a block map, which has no value or `{}`, a block of pairs. */
function filled(
  text: string,
  { map, pair }: Held,
  value: Readonly<Record<string, Plain>>,
  step: number,
  braces?: Node,
): readonly Splice[] | undefined {
  const indent = indentBefore(text, startOf(pair.key));
  if (isFlow(map) || indent === undefined) return undefined;
  const below = indent + ' '.repeat(step);
  const cut = braces ? [removal(text, endOf(text, pair.key), braces)] : [];
  const at = behindComments(text, lineEnd(text, braces ? endOf(text, braces) : endOf(text, pair.key)), below);
  return [...cut, insertion(text, at, Object.entries(value), below, step, false)];
}

/** Takes `{}` away, with the blanks before it. */
function removal(text: string, from: number, braces: Node): Splice {
  const end = endOf(text, braces);
  const before = text.slice(from, startOf(braces));
  return { from: from + before.trimEnd().length, to: end, text: '' };
}

function insertion(text: string, at: number, pairs: Pairs, indent: string, step: number, spaced: boolean): Splice {
  const eol = lineBreak(text, at);
  const blocks = pairs.map(([key, value]) =>
    entryLines(key, value, step)
      .map((line) => eol + indent + line)
      .join(''),
  );
  return { from: at, to: at, text: blocks.map((block) => (spaced ? eol : '') + block).join('') };
}
