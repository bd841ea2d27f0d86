import { isJson, type Json, sameJson } from '../json';
import { addPath, type FieldSet } from './FieldSet';
import { isAtomicObject, KEY_DEFAULTS, listType, type ListType, type Place, standingValue } from './fieldTypes';

/** What a write changes, by path. */
export interface Changes {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** The place of a member of the object at a place. */
export function memberOf({ kind, names }: Place, name: string): Place {
  return { kind, names: [...names, name], isItem: false };
}

/** The place of the items of the list at a place. */
export function itemOf({ kind, names }: Place): Place {
  return { kind, names, isItem: true };
}

/** The path element of an item of a list: by its value in a set, else by the members that name it. */
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

/** Whether two values, one of which may be absent, are compared member by member. */
export function isGranularObject(place: Place, one: unknown, other: unknown): boolean {
  if (isAtomicObject(place)) return false;
  if (!(isJson(one) || isAbsent(one)) || !(isJson(other) || isAbsent(other))) return false;
  return [one, other].some((value) => isJson(value) && !isEmptyObject(value));
}

/** Whether two values, one of which may be absent, are compared item by item. */
export function isGranularList(place: Place, one: unknown, other: unknown): boolean {
  if (place.isItem || listType(place) === 'atomic') return false;
  if (!(Array.isArray(one) || isAbsent(one)) || !(Array.isArray(other) || isAbsent(other))) return false;
  return [one, other].some((value) => Array.isArray(value) && value.length > 0);
}

/** The items of a list by path element; more than one where a client sent an item twice. */
function itemsByElement(type: ListType, list: unknown): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
    const element = elementOf(type, item);
    items.set(element, [...(items.get(element) ?? []), item]);
  }
  return items;
}

function compareLists(place: Place, path: readonly string[], one: unknown, other: unknown, changes: Changes): void {
  const type = listType(place);
  const [before, after] = [itemsByElement(type, one), itemsByElement(type, other)];
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const [olds, news] = [before.get(element) ?? [], after.get(element) ?? []];
    const at = [...path, element];
    if (olds.length < 2 && news.length < 2) compareAt(itemOf(place), at, olds[0], news[0], changes);
    else if (olds.length > 1 && news.length > 1) {
      if (!sameJson(olds, news)) addPath(changes.modified, at);
    } else if (olds.length > 1) {
      if (news.length > 0) compareAt(itemOf(place), at, undefined, news[0], changes);
      addPath(changes.removed, at);
    } else {
      if (olds.length > 0) compareAt(itemOf(place), at, olds[0], undefined, changes);
      addPath(changes.added, at);
    }
  }
}

function compareAt(place: Place, path: readonly string[], live: unknown, next: unknown, changes: Changes): void {
  const standing = standingValue(place);
  const one = live === undefined ? standing : live;
  const other = next === undefined ? standing : next;
  if (one === undefined && other === undefined) return;
  if (isGranularObject(place, one, other)) {
    const [before, after] = [isJson(one) ? one : {}, isJson(other) ? other : {}];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compareAt(memberOf(place, name), [...path, `f:${name}`], before[name], after[name], changes);
    }
  } else if (isGranularList(place, one, other)) compareLists(place, path, one, other, changes);
  else if (one !== undefined && other !== undefined && !sameJson(one, other)) addPath(changes.modified, path);
  if (one === undefined) addPath(changes.added, path);
  else if (other === undefined) addPath(changes.removed, path);
}

/**
 * The fields that differ between two objects of a kind. An object that is new as a whole counts as a field beside its members.
 * Source: sigs.k8s.io/structured-merge-diff typed/compare.go
 */
export function fieldChanges(kind: string, live: Json, next: Json): Changes {
  const changes: Changes = { added: new Map(), modified: new Map(), removed: new Map() };
  compareAt({ kind, names: [], isItem: false }, [], live, next, changes);
  return changes;
}

function addFields(place: Place, path: readonly string[], value: unknown, set: FieldSet): void {
  if (isJson(value) && !isAtomicObject(place)) {
    for (const [name, child] of Object.entries(value)) {
      addFields(memberOf(place, name), [...path, `f:${name}`], child, set);
      if (child === null || isEmptyObject(child)) addPath(set, [...path, `f:${name}`]);
    }
  } else if (Array.isArray(value) && !place.isItem && listType(place) !== 'atomic') {
    for (const [element, [item, ...more]] of itemsByElement(listType(place), value)) {
      if (more.length === 0) addFields(itemOf(place), [...path, element], item, set);
      addPath(set, [...path, element]);
    }
  } else addPath(set, path);
}

/**
 * The fields that a manager owns who applies this object.
 * Source: sigs.k8s.io/structured-merge-diff typed/tofieldset.go
 */
export function appliedFields(kind: string, applied: Json): FieldSet {
  const set: FieldSet = new Map();
  addFields({ kind, names: [], isItem: false }, [], applied, set);
  return set;
}
