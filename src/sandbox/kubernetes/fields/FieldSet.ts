import { isJson, type Json } from '../json';

/** One element of a path in a set: `owned` when the path that ends here is in the set, and the longer paths `below`. */
export interface FieldNode {
  owned: boolean;
  readonly below: Map<string, FieldNode>;
}

/**
 * A set of paths to fields. Elements of a path: `f:NAME` a member of an object, `k:{"name":"x"}` an item of a list with keys, `v:"x"` an item
 * of a set.
 * Source: sigs.k8s.io/structured-merge-diff fieldpath/set.go, fieldpath/serialize-pe.go
 */
export type FieldSet = Map<string, FieldNode>;

/** Adds a path to a set. The empty path, which is the whole object, is never added. */
export function addPath(set: FieldSet, path: readonly string[]): void {
  let level = set;
  path.forEach((element, index) => {
    const node = level.get(element) ?? { owned: false, below: new Map<string, FieldNode>() };
    level.set(element, node);
    if (index === path.length - 1) node.owned = true;
    level = node.below;
  });
}

const NONE: FieldSet = new Map();

function combine(one: FieldSet, other: FieldSet, owned: (one: boolean, other: boolean) => boolean): FieldSet {
  const result: FieldSet = new Map();
  for (const element of new Set([...one.keys(), ...other.keys()])) {
    const [first, second] = [one.get(element), other.get(element)];
    const node = {
      owned: owned(first?.owned ?? false, second?.owned ?? false),
      below: combine(first?.below ?? NONE, second?.below ?? NONE, owned),
    };
    if (node.owned || node.below.size > 0) result.set(element, node);
  }
  return result;
}

/** The paths that are in one of the sets or in both. */
export function union(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (first, second) => first || second);
}

/** The paths that are in both sets. */
export function intersection(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (first, second) => first && second);
}

/** The paths of the first set that are not in the second. A path below a path of the second set stays. */
export function difference(one: FieldSet, other: FieldSet): FieldSet {
  return combine(one, other, (first, second) => first && !second);
}

/**
 * The set, with the parent objects of each path added.
 * Source: sigs.k8s.io/structured-merge-diff fieldpath/set.go, EnsureNamedFieldsAreMembers
 */
export function withParents(set: FieldSet): FieldSet {
  const result: FieldSet = new Map();
  for (const [element, { owned, below }] of set) {
    result.set(element, { owned: owned || (element.startsWith('f:') && below.size > 0), below: withParents(below) });
  }
  return result;
}

/** All paths of a set: those of one level before those below them. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): (readonly string[])[] {
  const entries = [...set].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...entries.flatMap(([element, { owned }]) => (owned ? [[...prefix, element]] : [])),
    ...entries.flatMap(([element, { below }]) => pathsOf(below, [...prefix, element])),
  ];
}

/**
 * A set as `fieldsV1` of `metadata.managedFields`: a path is nested objects, and `.` marks a path with others below it.
 * Source: sigs.k8s.io/structured-merge-diff fieldpath/serialize.go
 */
export function toFieldsV1(set: FieldSet): Json {
  const entries = [...set].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([element, { owned, below }]) => [
      element,
      { ...(owned && below.size > 0 ? { '.': {} } : {}), ...toFieldsV1(below) },
    ]),
  );
}

/** Reads the set that `toFieldsV1` wrote. Elements in another format are left out. Undefined for an invalid value. */
export function fromFieldsV1(value: unknown): FieldSet | undefined {
  if (!isJson(value)) return undefined;
  const result: FieldSet = new Map();
  for (const [element, child] of Object.entries(value)) {
    if (element === '.' || !/^[fkvi]:/.test(element)) continue;
    const below = fromFieldsV1(child);
    if (below === undefined) return undefined;
    result.set(element, { owned: below.size === 0 || '.' in (child as Json), below });
  }
  return result;
}

/** A path in Kubernetes' messages: `.metadata.annotations.team`, `.spec.containers[name="app"].image`. */
export function pathText(path: readonly string[]): string {
  return path
    .map((element) => {
      const text = element.slice(2);
      if (element.startsWith('f:')) return `.${text}`;
      if (element.startsWith('v:')) return `[=${text}]`;
      const fields = Object.entries(JSON.parse(text) as Json);
      return `[${fields.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}
