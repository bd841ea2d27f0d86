import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { MAX_ALIASED_VALUES, MAX_DEPTH, READING_RULES } from '../reading/readingRules';
import type { RuleInfo } from '../rules/Rule';
import type { Segments } from '../Issue';

/** Something that YAML allows and an inventory does not, with its offset in the text. */
export interface PlainProblem {
  readonly rule: RuleInfo;
  readonly path: Segments;
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** Plain data out of a YAML tree. */
export interface Plain {
  readonly data: unknown;
  readonly anchors: ReadonlyMap<string, Node>;
  readonly problems: readonly PlainProblem[];
}

/** Names through which plain objects of JavaScript reach their prototype. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

interface Anchored {
  readonly data: unknown;
  readonly size: number;
}

/**
 * Turns a YAML tree into plain data and refuses what makes a file mean something else than it shows: duplicate keys, keys that
 * are no text, merge keys, tags, aliases that explode. A refused pair is left out, so that the rest can be checked too.
 */
export function toPlain(root: Node | null): Plain {
  const anchors = new Map<string, Node>();
  const anchored = new Map<string, Anchored>();
  const problems: PlainProblem[] = [];
  const path: (string | number)[] = [];
  let size = 0;
  let aliased = 0;
  let tooDeep = false;

  const refuse = (rule: RuleInfo, node: Node, message: string, hint: string): undefined => {
    problems.push({ rule, path: [...path], offset: node.range?.[0] ?? 0, message, hint });
    return undefined;
  };

  function visit(node: Node | null): unknown {
    if (node === null) return null;
    if (path.length > MAX_DEPTH) {
      if (!tooDeep) refuse(READING_RULES.depth, node, `this value is more than ${MAX_DEPTH} levels deep`, 'Take levels out: no part of the format needs so many.');
      tooDeep = true;
      return undefined;
    }
    if (isAlias(node)) return visitAlias(node);
    size += 1;
    if (node.tag !== undefined) {
      return refuse(READING_RULES.tag, node, `the tag ${shortTag(node.tag)} is not supported`, 'Remove the tag and write the value plainly; put text in quotes.');
    }
    const before = size;
    const anchor = 'anchor' in node ? (node as { anchor?: string }).anchor : undefined;
    if (anchor !== undefined) {
      anchors.set(anchor, node);
      anchored.delete(anchor);
    }
    const data = isMap(node) ? visitMap(node) : isSeq(node) ? visitSeq(node) : isScalar(node) ? node.value : undefined;
    if (anchor !== undefined) anchored.set(anchor, { data, size: size - before + 1 });
    return data;
  }

  function visitAlias(alias: Alias): unknown {
    const target = anchored.get(alias.source);
    if (target === undefined) {
      return refuse(READING_RULES.alias, alias, `the alias *${alias.source} stands inside of what it stands for`, 'Write the value out where the alias is.');
    }
    const before = aliased;
    size += target.size;
    aliased += target.size;
    if (aliased > MAX_ALIASED_VALUES) {
      if (before > MAX_ALIASED_VALUES) return undefined;
      return refuse(
        READING_RULES.alias,
        alias,
        `the aliases of this file stand for more than ${MAX_ALIASED_VALUES.toLocaleString('en')} values`,
        'Write the values out, or give the environment `values` and use {name}.',
      );
    }
    return target.data;
  }

  function visitSeq(sequence: YAMLSeq): unknown[] {
    return sequence.items.map((item, index) => {
      path.push(index);
      const value = visit(item as Node | null);
      path.pop();
      return value;
    });
  }

  function visitMap(map: YAMLMap): Record<string, unknown> {
    const result = Object.create(null) as Record<string, unknown>;
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = keyOf(pair.key, result);
      if (key === undefined) continue;
      path.push(key);
      const value = visit(pair.value);
      path.pop();
      if (value !== undefined) result[key] = value;
    }
    return result;
  }

  function keyOf(node: Node, seen: Record<string, unknown>): string | undefined {
    if (!isScalar(node) || typeof node.value !== 'string') {
      const shown = isScalar(node) ? (node.source ?? String(node.value)) : 'here';
      const kind = isScalar(node) ? (node.value === null ? 'null' : `a ${typeof node.value}`) : 'no plain text';
      return refuse(READING_RULES.keyNotText, node, `the key ${shown} is ${kind}`, `Write the key as text, in quotes: "${shown}".`);
    }
    const key = node.value;
    if (node.tag !== undefined) return refuse(READING_RULES.tag, node, `the tag ${shortTag(node.tag)} is not supported`, 'Remove the tag from the key.');
    if (key === '<<') {
      return refuse(READING_RULES.mergeKey, node, 'the merge key << is not supported', 'Write the keys out here, or use an anchor for each whole value.');
    }
    if (RESERVED.has(key)) return refuse(READING_RULES.reservedKey, node, `the key "${key}" is reserved`, 'Choose another key.');
    if (key in seen) {
      path.push(key);
      refuse(READING_RULES.duplicateKey, node, `the key "${key}" stands here for the second time`, 'Remove one of the two, or merge them into one.');
      path.pop();
      return undefined;
    }
    return key;
  }

  return { data: visit(root), anchors, problems };
}

function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/, '!!');
}
