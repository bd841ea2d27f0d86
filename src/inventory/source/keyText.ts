import { isScalar, type Node } from 'yaml';
import { READING_RULES } from '../reading/readingRules';
import type { RuleInfo } from '../RuleInfo';

/** What a finding says, without its place. */
export interface Refusal {
  readonly rule: RuleInfo;
  readonly message: string;
  readonly hint: string;
}

/** Names through which plain objects of JavaScript reach their prototype: no key of an inventory. */
export const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The text of a map's key, or why it cannot be one. `isTaken` says whether the map has the key already. */
export function keyText(node: Node, isTaken: (key: string) => boolean): string | Refusal {
  if (node.tag !== undefined) return tagRefusal(node.tag);
  if (!isScalar(node)) {
    return {
      rule: READING_RULES.keyNotText,
      message: 'this key is no plain text',
      hint: 'Write the key as text, on one line, without brackets and aliases.',
    };
  }
  const { value: key } = node;
  if (typeof key !== 'string') {
    const shown = node.source ?? String(key);
    return {
      rule: READING_RULES.keyNotText,
      message: `the key ${shown === '' ? 'here' : shown} is ${key === null ? 'empty' : `a ${typeof key}`}`,
      hint: `Write the key as text, in quotes: "${shown}".`,
    };
  }
  if (key === '<<') {
    return {
      rule: READING_RULES.mergeKey,
      message: 'the merge key << is not supported',
      hint: 'Write the keys out here, or use an anchor for each whole value.',
    };
  }
  if (RESERVED.has(key)) {
    return { rule: READING_RULES.reservedKey, message: `the key "${key}" is reserved`, hint: 'Choose another key.' };
  }
  if (isTaken(key)) {
    return {
      rule: READING_RULES.duplicateKey,
      message: `the key "${key}" stands here for the second time`,
      hint: 'Remove one of the two, or merge them into one.',
    };
  }
  return key;
}

/** Tags change what a value is, which a reader of the inventory should not have to know. */
export function tagRefusal(tag: string): Refusal {
  return {
    rule: READING_RULES.tag,
    message: `the tag ${tag.replace(/^tag:yaml\.org,2002:/, '!!')} is not supported`,
    hint: 'Remove the tag and write the value plainly; put text in quotes.',
  };
}
