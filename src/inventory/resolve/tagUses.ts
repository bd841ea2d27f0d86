import type { Segments } from '../Finding';
import type { HeldStatement } from './Model';

/** A principal tag or request tag that a statement uses, as a condition key or as a policy variable. */
export interface TagUse {
  /** As written: `aws:PrincipalTag/kubernetes-namespace`. */
  readonly key: string;
  readonly kind: 'principal' | 'request';
  readonly tag: string;
  readonly path: Segments;
  readonly at?: 'key';
}

const KEY = /^aws:(principal|request)tag\/(.+)$/i;
const VARIABLE = /\$\{\s*(aws:(?:principal|request)tag\/[^{},]+)(?:,[^{}]*)?\}/gi;

/** The tags that a statement uses. */
export function* tagUses({ statement, at }: HeldStatement): Generator<TagUse> {
  for (const [index, resource] of statement.resources.entries()) yield* inText(resource, at('resources', index));
  for (const [operator, keys] of Object.entries(statement.conditions ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      const path = at('conditions', operator, key);
      const use = tagUse(key, path);
      if (use) yield { ...use, at: 'key' };
      if (typeof value === 'string') yield* inText(value, path);
      else for (const [index, item] of value.entries()) yield* inText(item, [...path, index]);
    }
  }
}

function* inText(text: string, path: Segments): Generator<TagUse> {
  if (!text.includes('${')) return;
  for (const [, key = ''] of text.matchAll(VARIABLE)) {
    const use = tagUse(key.trimEnd(), path);
    if (use) yield use;
  }
}

function tagUse(key: string, path: Segments): TagUse | undefined {
  const [, kind, tag] = KEY.exec(key) ?? [];
  if (kind === undefined || tag === undefined) return undefined;
  return { key, kind: kind.toLowerCase() === 'principal' ? 'principal' : 'request', tag, path };
}
