import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { mistake, type Mistake, type Segments } from '../Finding';
import { MAX_ALIASED_VALUES, MAX_DEPTH, READING_RULES } from '../reading/readingRules';
import { emptyMap, type PlainMap } from './plainData';

/** Valid YAML that an inventory does not allow, with its offset in the text. */
export interface PlainProblem extends Mistake {
  /** The path of the value, or of the map that has the key. */
  readonly path: Segments;
  readonly at: 'key' | 'value';
  readonly offset: number;
  /** The rest of the file cannot be checked: each following value would be reported as missing. */
  readonly endsAll?: boolean;
}

interface Anchored {
  readonly data: unknown;
  /** The number of values: itself and all values in it. */
  readonly size: number;
}

/**
 * Turns a YAML tree into plain data. It refuses what a reader can misunderstand: duplicate keys, keys that are not text, merge keys, tags,
 * and aliases that expand to many values. The data does not contain refused pairs, so that the rest can be checked.
 */
export function toPlain(root: Node | null): { readonly data: unknown; readonly problems: readonly PlainProblem[] } {
  const anchored = new Map<string, Anchored>();
  const open = new Set<string>();
  const problems: PlainProblem[] = [];
  const path: (string | number)[] = [];
  let size = 0;
  let aliased = 0;
  let tooDeep = false;

  function refuse(
    node: Node,
    problem: Mistake & Pick<PlainProblem, 'endsAll'>,
    at: PlainProblem['at'] = 'value',
  ): unknown {
    problems.push({ ...problem, path: [...path], at, offset: node.range?.[0] ?? 0 });
    return undefined;
  }

  function visit(node: Node | null): unknown {
    if (node === null) return null;
    if (path.length > MAX_DEPTH) {
      if (!tooDeep) refuse(node, TOO_DEEP);
      tooDeep = true;
      return undefined;
    }
    if (isAlias(node)) return visitAlias(node);
    if (node.tag !== undefined) return refuse(node, tagMistake(node.tag));
    const before = size;
    size += 1;
    const { anchor } = node as { anchor?: string };
    if (anchor === undefined) return visitContent(node);
    anchored.delete(anchor);
    open.add(anchor);
    const data = visitContent(node);
    open.delete(anchor);
    anchored.set(anchor, { data, size: size - before });
    return data;
  }

  function visitContent(node: Node): unknown {
    if (isScalar(node)) {
      const { value, source = '' } = node;
      if (typeof value !== 'number' || (JSON_NUMBER.test(source) && isExact(value))) return value;
      return refuse(node, notInJson(source));
    }
    if (isMap(node)) return visitMap(node);
    return isSeq(node) ? node.items.map((item, index) => visitAt(index, item as Node | null)) : undefined;
  }

  function visitAt(segment: string | number, node: Node | null): unknown {
    path.push(segment);
    const value = visit(node);
    path.pop();
    return value;
  }

  function visitMap(map: YAMLMap): PlainMap {
    const result = emptyMap();
    for (const { key: node, value: valueNode } of map.items as Pair<Node, Node | null>[]) {
      const key = keyText(node, (name) => name in result);
      if (typeof key === 'string') {
        const value = visitAt(key, valueNode);
        if (value !== undefined) result[key] = value;
      } else {
        refuse(node, key, 'key');
      }
    }
    return result;
  }

  /** The value of an alias is shared, not copied. The count is of all values that a reader of the data visits. */
  function visitAlias(alias: Alias): unknown {
    const target = anchored.get(alias.source);
    if (target === undefined)
      return refuse(alias, open.has(alias.source) ? circular(alias.source) : undefinedAlias(alias.source));
    const exploded = aliased > MAX_ALIASED_VALUES;
    size += target.size;
    aliased += target.size;
    if (aliased <= MAX_ALIASED_VALUES) return target.data;
    return exploded ? undefined : refuse(alias, EXPLODED);
  }

  return { data: visit(root), problems };
}

const TOO_DEEP = mistake(
  READING_RULES.depth,
  `this value is more than ${MAX_DEPTH} levels deep`,
  'Reduce the nesting: the format never needs so many levels.',
);

const EXPLODED = {
  ...mistake(
    READING_RULES.alias,
    `the aliases of this file expand to more than ${MAX_ALIASED_VALUES.toLocaleString('en')} values`,
    'Write the values in full, or give the environment `values` and use {name}.',
  ),
  endsAll: true,
};

function circular(name: string): Mistake {
  return mistake(READING_RULES.alias, `the alias *${name} is inside its own value`, 'Write the value in full here.');
}

function undefinedAlias(name: string): Mistake {
  return mistake(
    READING_RULES.alias,
    `the alias *${name} has no anchor &${name} before it`,
    `If you mean the text *${name}, quote it: '*${name}'. Otherwise write the value in full.`,
  );
}

/** `012345678901` is an account, and YAML takes it for a number without the zero: it is refused where it would become text too. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** False for a number that is not finite, and for whole numbers so large that the next one is the same for JavaScript. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function notInJson(shown: string): Mistake {
  const isLarge = JSON_NUMBER.test(shown) && Number.isFinite(Number(shown));
  return mistake(
    READING_RULES.number,
    isLarge ? `${shown} has more digits than a number in JSON keeps` : `${shown} is not a number in JSON`,
    'Write a number with digits, or quote it if you mean text.',
  );
}

/** Keys that reach the prototype of JavaScript objects: an inventory cannot use them. */
export const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The text of a map's key, or the reason why it cannot be a key. `isTaken` tells whether the map has the key already. */
function keyText(node: Node, isTaken: (key: string) => boolean): string | Mistake {
  if (node.tag !== undefined) return tagMistake(node.tag);
  if (!isScalar(node))
    return mistake(
      READING_RULES.keyNotText,
      'this key is not plain text',
      'Write the key as text on one line, without brackets and aliases.',
    );
  const { value: key } = node;
  if (typeof key !== 'string') {
    const shown = node.source ?? String(key);
    return mistake(
      READING_RULES.keyNotText,
      `the key ${shown === '' ? 'here' : shown} is ${key === null ? 'empty' : `a ${typeof key}`}`,
      `Write the key as text, in quotes: "${shown}".`,
    );
  }
  if (key === '<<')
    return mistake(
      READING_RULES.mergeKey,
      'the merge key << is not supported',
      'Write the keys in full here, or use an anchor for each whole value.',
    );
  if (RESERVED.has(key)) return mistake(READING_RULES.reservedKey, `the key "${key}" is reserved`, 'Use another key.');
  if (isTaken(key))
    return mistake(
      READING_RULES.duplicateKey,
      `the key "${key}" occurs twice in this map`,
      'Remove one of the two, or merge them.',
    );
  return key;
}

/** Tags change the meaning of a value in a way that readers do not see. */
function tagMistake(tag: string): Mistake {
  return mistake(
    READING_RULES.tag,
    `the tag ${tag.replace(/^tag:yaml\.org,2002:/, '!!')} is not supported`,
    'Remove the tag, and write the value without it; quote text.',
  );
}
