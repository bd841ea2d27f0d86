import { isJson, type Json } from '../json';
import { badRequest } from '../KubeError';
import { elementOf, isGranularList, isGranularObject, itemOf, memberOf } from './fieldChanges';
import type { FieldSet } from './FieldSet';
import { isAtomicObject, listType, type FieldPosition } from './fieldTypes';

function mergeLists(
  position: FieldPosition,
  live: readonly unknown[],
  applied: readonly unknown[],
): unknown[] | undefined {
  const type = listType(position);
  const [before, after] = [live, applied].map((list) => list.map((item) => elementOf(type, item))) as [
    string[],
    string[],
  ];
  if (new Set(after).size < after.length) throw badRequest(`duplicate entries in ${position.names.join('.')}`);
  const shared = after.filter((element) => before.includes(element));
  const merged: unknown[] = [];
  const done = new Set<string>();
  const take = (old: unknown, item: unknown): void => {
    const value = mergeAt(itemOf(position), old, item);
    if (value !== undefined) merged.push(value);
  };
  // A duplicate item is not merged with the applied one.
  const oldOf = (element: string): unknown =>
    before.indexOf(element) === before.lastIndexOf(element) ? live[before.indexOf(element)] : null;
  for (let old = 0, next = 0; old < live.length || next < applied.length;) {
    const [here, there] = [before[old], after[next]];
    if (here !== undefined && there !== undefined) {
      if (here === there) {
        done.add(here);
        take(oldOf(here), applied[next]);
        old += 1;
        next += 1;
        shared.shift();
        continue;
      }
      if (after.includes(here) && shared.length > 0 && shared[0] !== here) {
        old += 1;
        continue;
      }
    }
    if (here !== undefined) {
      if (!after.includes(here)) {
        take(live[old], undefined);
        old += 1;
        continue;
      }
      if (done.has(here)) old += 1;
    }
    if (there !== undefined) {
      done.add(there);
      take(before.includes(there) ? oldOf(there) : undefined, applied[next]);
      next += 1;
      if (shared[0] === there) shared.shift();
    }
  }
  return merged.length === 0 ? undefined : merged;
}

function mergeAt(position: FieldPosition, live: unknown, applied: unknown): unknown {
  if (isGranularObject(position, live, applied)) {
    const [before, after] = [isJson(live) ? live : {}, isJson(applied) ? applied : {}];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const merged = names.flatMap((name) => {
      const value = mergeAt(memberOf(position, name), before[name], after[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
    return merged.length === 0 ? undefined : Object.fromEntries(merged);
  }
  if (isGranularList(position, live, applied)) {
    return mergeLists(
      position,
      Array.isArray(live) ? (live as unknown[]) : [],
      Array.isArray(applied) ? (applied as unknown[]) : [],
    );
  }
  return applied === undefined ? live : applied;
}

/**
 * An object merged with an applied config, field by field. Throws a `KubeError` for a list with a duplicate item.
 * Source: sigs.k8s.io/structured-merge-diff typed/merge.go
 */
export function mergeFields(kind: string, live: Json, applied: Json): Json {
  return (mergeAt({ kind, names: [], isItem: false }, live, applied) ?? {}) as Json;
}

function removeAt(position: FieldPosition, value: unknown, set: FieldSet): unknown {
  if (isJson(value)) {
    if (isAtomicObject(position)) return null;
    const kept = Object.entries(value).flatMap(([name, child]) => {
      const node = set.get(`f:${name}`);
      if (node?.owned === true) return [];
      const rest = node === undefined ? child : removeAt(memberOf(position, name), child, node.below);
      return [[name, rest] as const];
    });
    return kept.length === 0 ? null : Object.fromEntries(kept);
  }
  if (!Array.isArray(value)) return value;
  const type = listType(position);
  if (position.isItem || type === 'atomic') return null;
  const kept = (value as unknown[]).flatMap((item) => {
    const node = set.get(elementOf(type, item));
    if (node?.owned === true) return [];
    return [node === undefined ? item : removeAt(itemOf(position), item, node.below)];
  });
  return kept.length === 0 ? null : kept;
}

/**
 * An object without the fields of a set. A value of which nothing is left is null.
 * Source: sigs.k8s.io/structured-merge-diff typed/remove.go
 */
export function removeFields(kind: string, object: Json, set: FieldSet): Json {
  return (removeAt({ kind, names: [], isItem: false }, object, set) ?? {}) as Json;
}
