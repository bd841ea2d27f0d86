import { isJson, type Json, sameJson } from '../json';
import { addPath, type FieldSet } from './FieldSet';
import {
  isAtomicObject,
  KEY_DEFAULTS,
  listType,
  type ListType,
  type FieldPosition,
  alwaysPresentValue,
} from './fieldTypes';

/** The changes of a write, by path. */
export interface Changes {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** The position of a member of the object at a position. */
export function memberOf({ kind, names }: FieldPosition, name: string): FieldPosition {
  return { kind, names: [...names, name], isItem: false };
}

/** The position of the items of the list at a position. */
export function itemOf({ kind, names }: FieldPosition): FieldPosition {
  return { kind, names, isItem: true };
}

/** The path element of an item of a list: its value in a set, else its keys. */
export function elementOf(type: ListType, item: unknown): string {
  if (type === 'set' || type === 'atomic' || !isJson(item)) return `v:${JSON.stringify(item)}`;
  const named = type.flatMap((key) => {
    const value = item[key] ?? KEY_DEFAULTS[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${JSON.stringify(Object.fromEntries(named))}`;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;
const isEmptyObject = (value: unknown): boolean => isJson(value) && Object.keys(value).length === 0;

/** True when two values are compared member by member. One of them can be absent. */
export function isGranularObject(position: FieldPosition, one: unknown, other: unknown): boolean {
  if (isAtomicObject(position)) return false;
  if (!(isJson(one) || isAbsent(one)) || !(isJson(other) || isAbsent(other))) return false;
  return [one, other].some((value) => isJson(value) && !isEmptyObject(value));
}

/** True when two values are compared item by item. One of them can be absent. */
export function isGranularList(position: FieldPosition, one: unknown, other: unknown): boolean {
  if (position.isItem || listType(position) === 'atomic') return false;
  if (!(Array.isArray(one) || isAbsent(one)) || !(Array.isArray(other) || isAbsent(other))) return false;
  return [one, other].some((value) => Array.isArray(value) && value.length > 0);
}

/** The items of a list by path element. A client can send an item twice. */
function itemsByElement(type: ListType, list: unknown): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    const element = elementOf(type, item);
    items.set(element, [...(items.get(element) ?? []), item]);
  }
  return items;
}

function compareLists(
  position: FieldPosition,
  path: readonly string[],
  one: unknown,
  other: unknown,
  changes: Changes,
): void {
  const type = listType(position);
  const [before, after] = [itemsByElement(type, one), itemsByElement(type, other)];
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const [olds, news] = [before.get(element) ?? [], after.get(element) ?? []];
    const at = [...path, element];
    if (olds.length < 2 && news.length < 2) compareAt(itemOf(position), at, olds[0], news[0], changes);
    else if (olds.length > 1 && news.length > 1) {
      if (!sameJson(olds, news)) addPath(changes.modified, at);
    } else if (olds.length > 1) {
      if (news.length > 0) compareAt(itemOf(position), at, undefined, news[0], changes);
      addPath(changes.removed, at);
    } else {
      if (olds.length > 0) compareAt(itemOf(position), at, olds[0], undefined, changes);
      addPath(changes.added, at);
    }
  }
}

function compareAt(
  position: FieldPosition,
  path: readonly string[],
  live: unknown,
  next: unknown,
  changes: Changes,
): void {
  const always = alwaysPresentValue(position);
  const one = live === undefined ? always : live;
  const other = next === undefined ? always : next;
  if (one === undefined && other === undefined) return;
  if (isGranularObject(position, one, other)) {
    const [before, after] = [isJson(one) ? one : {}, isJson(other) ? other : {}];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compareAt(memberOf(position, name), [...path, `f:${name}`], before[name], after[name], changes);
    }
  } else if (isGranularList(position, one, other)) compareLists(position, path, one, other, changes);
  else if (one !== undefined && other !== undefined && !sameJson(one, other)) addPath(changes.modified, path);
  if (one === undefined) addPath(changes.added, path);
  else if (other === undefined) addPath(changes.removed, path);
}

/**
 * The fields that differ between two objects of a kind. A new object inside them is a field, like its members.
 * Source: sigs.k8s.io/structured-merge-diff typed/compare.go
 */
export function fieldChanges(kind: string, live: Json, next: Json): Changes {
  const changes: Changes = { added: new Map(), modified: new Map(), removed: new Map() };
  compareAt({ kind, names: [], isItem: false }, [], live, next, changes);
  return changes;
}

function addFields(position: FieldPosition, path: readonly string[], value: unknown, set: FieldSet): void {
  if (isJson(value) && !isAtomicObject(position)) {
    for (const [name, child] of Object.entries(value)) {
      addFields(memberOf(position, name), [...path, `f:${name}`], child, set);
      if (child === null || isEmptyObject(child)) addPath(set, [...path, `f:${name}`]);
    }
  } else if (Array.isArray(value) && !position.isItem && listType(position) !== 'atomic') {
    for (const [element, [item, ...more]] of itemsByElement(listType(position), value)) {
      if (more.length === 0) addFields(itemOf(position), [...path, element], item, set);
      addPath(set, [...path, element]);
    }
  } else addPath(set, path);
}

/**
 * The fields that a manager owns when it applies this object.
 * Source: sigs.k8s.io/structured-merge-diff typed/tofieldset.go
 */
export function appliedFields(kind: string, applied: Json): FieldSet {
  const set: FieldSet = new Map();
  addFields({ kind, names: [], isItem: false }, [], applied, set);
  return set;
}
