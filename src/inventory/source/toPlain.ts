import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Segments } from '../Issue';
import { MAX_ALIASED_VALUES, MAX_DEPTH, READING_RULES } from '../reading/readingRules';
import { keyText, tagRefusal, type Refusal } from './keyText';

/** Something that YAML allows and an inventory does not, with its offset in the text. */
export interface PlainProblem extends Refusal {
  /** Of the value, or of the map whose key it is. */
  readonly path: Segments;
  readonly at: 'key' | 'value';
  readonly offset: number;
  /** The rest cannot be judged: what is missing would be said of every value that follows. */
  readonly endsAll?: boolean;
}

/** Plain data out of a YAML tree. */
export interface Plain {
  readonly data: unknown;
  readonly problems: readonly PlainProblem[];
}

interface Anchored {
  readonly data: unknown;
  /** How many values it is, itself and all inside it. */
  readonly size: number;
}

/**
 * Turns a YAML tree into plain data and refuses what makes a file mean something else than it shows: duplicate keys, keys that
 * are no text, merge keys, tags, aliases that explode. A refused pair is left out, so that the rest can be checked too.
 */
export function toPlain(root: Node | null): Plain {
  const anchored = new Map<string, Anchored>();
  const open = new Set<string>();
  const problems: PlainProblem[] = [];
  const path: (string | number)[] = [];
  let size = 0;
  let aliased = 0;
  let tooDeep = false;

  function refuse(
    node: Node,
    refusal: Refusal & Pick<PlainProblem, 'endsAll'>,
    at: PlainProblem['at'] = 'value',
  ): void {
    problems.push({ ...refusal, path: [...path], at, offset: node.range?.[0] ?? 0 });
  }

  function visit(node: Node | null): unknown {
    if (node === null) return null;
    if (path.length > MAX_DEPTH) {
      if (!tooDeep) refuse(node, TOO_DEEP);
      tooDeep = true;
      return undefined;
    }
    if (isAlias(node)) return visitAlias(node);
    if (node.tag !== undefined) {
      refuse(node, tagRefusal(node.tag));
      return undefined;
    }
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
      if (typeof node.value !== 'number' || Number.isFinite(node.value)) return node.value;
      refuse(node, notFinite(node.source ?? ''));
      return undefined;
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

  function visitMap(map: YAMLMap): Record<string, unknown> {
    const result = Object.create(null) as Record<string, unknown>;
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

  /** What an alias stands for is shared, not copied; the count is of what a reader of the data comes across. */
  function visitAlias(alias: Alias): unknown {
    const target = anchored.get(alias.source);
    if (target === undefined) {
      refuse(alias, open.has(alias.source) ? circular(alias.source) : undefinedAlias(alias.source));
      return undefined;
    }
    const exploded = aliased > MAX_ALIASED_VALUES;
    size += target.size;
    aliased += target.size;
    if (aliased <= MAX_ALIASED_VALUES) return target.data;
    if (!exploded) refuse(alias, EXPLODED);
    return undefined;
  }

  return { data: visit(root), problems };
}

const TOO_DEEP: Refusal = {
  rule: READING_RULES.depth,
  message: `this value is more than ${MAX_DEPTH} levels deep`,
  hint: 'Take levels out: no part of the format needs so many.',
};

const EXPLODED: Refusal & { readonly endsAll: true } = {
  endsAll: true,
  rule: READING_RULES.alias,
  message: `the aliases of this file stand for more than ${MAX_ALIASED_VALUES.toLocaleString('en')} values`,
  hint: 'Write the values out, or give the environment `values` and use {name}.',
};

function circular(name: string): Refusal {
  return {
    rule: READING_RULES.alias,
    message: `the alias *${name} stands inside of what it stands for`,
    hint: 'Write the value out where the alias is.',
  };
}

function undefinedAlias(name: string): Refusal {
  return {
    rule: READING_RULES.alias,
    message: `the alias *${name} has no anchor &${name} before it`,
    hint: `If the text *${name} is meant, quote it: '*${name}'. Otherwise write the value out.`,
  };
}

function notFinite(shown: string): Refusal {
  return {
    rule: READING_RULES.number,
    message: `${shown} is no number that JSON has`,
    hint: 'Write a number with digits, or put it in quotes where text is meant.',
  };
}
