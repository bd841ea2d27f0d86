import { isAlias, isMap, isScalar, visit, type Alias, type Node, type YAMLMap } from 'yaml';
import type { RuleInfo } from '../RuleInfo';
import type { Source } from '../source/Source';
import type { NewEntry } from './NewEntry';
import type { Splice } from './applySplices';
import { EDIT_RULES } from './editRules';
import { entryJson, entryLines, type Plain } from './entryLines';
import { insertPairs } from './insertPairs';
import { indentBefore, lineBreak, lineEnd } from './lines';
import { endOf, isFlow, lastLineEnd, pairOf, pairsOf, startOf, type WrittenPair } from './nodes';
import { behindComments, indentStep, isSpaced } from './spacing';

/** Why nothing can be added, and where that stands. */
export interface Refused {
  readonly rule: RuleInfo;
  readonly path: readonly string[];
  readonly node?: Node;
  readonly message: string;
  readonly hint: string;
}

/** The changes that add entries to a file, or what keeps them from being made. */
export function addedSplices(text: string, source: Source, entries: readonly NewEntry[]): readonly Splice[] | Refused {
  const { root } = source.tree;
  const groups = new Map<string, NewEntry[]>();
  for (const entry of entries) {
    const id = entry.into.join('\n');
    groups.set(id, [...(groups.get(id) ?? []), entry]);
  }
  const places: Place[] = [];
  for (const group of groups.values()) {
    const place = placeFor(text, source, root, group);
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

/** Goes down to the map of a group of entries and adds them there, or adds what is missing of the way to it. */
function placeFor(text: string, source: Source, root: Node | null, group: readonly NewEntry[]): Place | Refused {
  const [{ into } = { into: [] }] = group;
  const step = indentStep(text, root);
  const refuse = (rule: RuleInfo, depth: number, message: string, hint: string, node?: Node): Refused => ({
    rule,
    path: into.slice(0, depth),
    ...(node && { node }),
    message,
    hint,
  });
  let node: Node | null = root;
  let parent: Held | undefined;
  for (let depth = 0; ; depth++) {
    const what = depth === 0 ? 'the file' : `\`${into.slice(0, depth).join('.')}\``;
    if (isAlias(node))
      return refuse(
        EDIT_RULES.alias,
        depth,
        `${what} is the alias *${node.source}: what it stands for is written elsewhere`,
        `Write it out in place of *${node.source}, then run the command again.`,
        node,
      );
    const shared = node && sharedAnchor(root, node);
    if (node && shared)
      return refuse(
        EDIT_RULES.anchor,
        depth,
        `${what} is written under the anchor &${shared.source}, which stands for other values too: *${shared.source} in line ${source.tree.positionOf(startOf(shared)).line}`,
        `Write the value out in place of *${shared.source}, take &${shared.source} away, then run the command again.`,
        node,
      );
    const badForm = (): Refused =>
      refuse(
        EDIT_RULES.form,
        depth,
        `${what} is written in a form that podlift does not add to`,
        'Write each of its keys at the beginning of a line (without `? `), or all between braces.',
        node ?? undefined,
      );
    const empty = node === null || (isScalar(node) && node.value === null);
    if (empty && parent) {
      if (isScalar(node) && (node.source ?? '') !== '') return badForm();
      const splices = filled(text, parent, nested(into.slice(depth), group), step);
      return splices ? { splices, depth } : badForm();
    }
    if (!isMap(node)) return badForm();
    if (depth === into.length) {
      const taken = group.find(({ key }) => isMap(node) && pairOf(node, key) !== undefined);
      if (taken) {
        const message = `${what} has "${taken.key}" already`;
        return refuse(
          EDIT_RULES.taken,
          depth,
          message,
          'Give the new entry another key.',
          pairOf(node, taken.key)?.key,
        );
      }
      const pairs = group.map(({ key, value }) => [key, value] as const);
      const splices = added(text, node, parent, pairs, step);
      return splices ? { splices, depth } : badForm();
    }
    const segment = into[depth] ?? '';
    const pair = pairOf(node, segment);
    if (!pair) {
      const splices = added(text, node, parent, [[segment, nested(into.slice(depth + 1), group)]], step);
      return splices ? { splices, depth } : badForm();
    }
    parent = { map: node, pair };
    node = pair.value;
  }
}

/** Entries below the rest of the way to their map. */
function nested(way: readonly string[], group: readonly NewEntry[]): Readonly<Record<string, Plain>> {
  const [next, ...rest] = way;
  if (next !== undefined) return { [next]: nested(rest, group) };
  return Object.fromEntries(group.map(({ key, value }) => [key, value]));
}

/** A pair and the map that has it. */
interface Held {
  readonly map: YAMLMap;
  readonly pair: WrittenPair;
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

/** The first alias of a node's anchor. */
function sharedAnchor(root: Node | null, { anchor }: { anchor?: string }): Alias | undefined {
  let found: Alias | undefined;
  if (anchor === undefined) return undefined;
  visit(root, {
    Alias: (_key, alias) => {
      if (alias.source === anchor) found ??= alias;
    },
  });
  return found;
}
