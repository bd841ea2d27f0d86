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

/** The changes that add entries to a file, or what keeps them from being made. */
export function addedSplices(text: string, source: Source, entries: readonly NewEntry[]): readonly Splice[] | Obstacle {
  const groups = new Map<string, NewEntry[]>();
  for (const entry of entries) {
    const id = entry.into.join('\n');
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  const places: Place[] = [];
  for (const group of groups.values()) {
    const place = placeFor(text, source.tree, group);
    if ('rule' in place) return place;
    places.push(place);
  }
  // Of what is added at one offset, that of the inner map stands first.
  return places.toSorted((a, b) => b.depth - a.depth).flatMap(({ splices }) => splices);
}

/** What is added, and how deep the map is to which it is added. */
interface Place {
  readonly splices: readonly Splice[];
  readonly depth: number;
}

/** Adds a group of entries to their map, or adds what is missing of the way to it. */
function placeFor(text: string, tree: Tree, group: readonly NewEntry[]): Place | Obstacle {
  const [{ into } = { into: [] }] = group;
  const nameOf = (depth: number): string => (depth === 0 ? 'the file' : `\`${into.slice(0, depth).join('.')}\``);
  const { depth, node, parent, obstacle } = walkDown(tree, into, nameOf);
  const path = into.slice(0, depth);
  if (obstacle) return { ...obstacle, path };
  const badForm: Obstacle = {
    rule: EDIT_RULES.form,
    path,
    ...(node && { node }),
    message: `${nameOf(depth)} is written in a form that podlift does not add to`,
    hint: 'Write each of its keys at the beginning of a line (without `? `), or all between braces.',
  };
  const step = indentStep(text, tree.root);
  const placed = (splices: readonly Splice[] | undefined): Place | Obstacle => (splices ? { splices, depth } : badForm);

  // A key without a value, as in `workloads:`; nothing else is written as the empty text.
  const isEmpty = node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
  if (isEmpty && parent) return placed(filled(text, parent, nested(into.slice(depth), group), step));
  if (!isMap(node)) return badForm;

  const [missing] = into.slice(depth);
  if (missing !== undefined)
    return placed(added(text, node, parent, [[missing, nested(into.slice(depth + 1), group)]], step));
  for (const { key } of group) {
    const taken = pairOf(node, key);
    if (taken)
      return {
        rule: EDIT_RULES.taken,
        path,
        node: taken.key,
        message: `${nameOf(depth)} has "${key}" already`,
        hint: 'Give the new entry another key.',
      };
  }
  const pairs = group.map(({ key, value }) => [key, value] as const);
  return placed(added(text, node, parent, pairs, step));
}

/** Entries below the rest of the way to their map. */
function nested(way: readonly string[], group: readonly NewEntry[]): Readonly<Record<string, Plain>> {
  const [next, ...rest] = way;
  if (next !== undefined) return { [next]: nested(rest, group) };
  return Object.fromEntries(group.map(({ key, value }) => [key, value]));
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
