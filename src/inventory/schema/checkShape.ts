import type { z } from 'zod';
import type { Issue, Segments } from '../Finding';
import { MISSING } from './fields';
import type { WrittenInventory } from './inventorySchema';
import { parseShape, shapeIssues } from './shapeIssues';
import { emptyMap, isMap, type PlainMap, valueAt } from '../source/plainData';

/** The result of checking one file against the schema. */
export interface Shape {
  readonly issues: readonly Issue[];
  /** The values of the right kind, also texts with a wrong format. Values of a wrong kind are removed, with everything that needs them. */
  readonly data: WrittenInventory;
}

/** Checks the content of a file against the schema, and keeps the usable values, so that the rules run on them in the same run. */
export function checkShape(content: Readonly<Record<string, unknown>>): Shape {
  const first = parseShape(content);
  // The schema transforms nothing, so accepted content needs no copy.
  if (first.success) return { issues: [], data: content };
  const issues = shapeIssues(first.error.issues, content);
  return { issues, data: salvage(content, first.error.issues) };
}

/** Removes the values that the schema refuses, then values that need them, until the schema accepts the rest. */
function salvage(content: object, issues: readonly z.core.$ZodIssue[]): WrittenInventory {
  const data = copy(content) as PlainMap;
  let left = issues.filter(isStructural);
  while (left.length > 0) {
    // All are found before any is removed: otherwise the second of two mistakes in an entry would remove more around it.
    const culprits = left.map(({ path }) => removable(data, path as Segments));
    for (const culprit of culprits) if (culprit.length > 0) remove(data, culprit);
    const next = parseShape(data);
    left = next.success ? [] : next.error.issues.filter(isStructural);
  }
  return data;
}

/** Rules can use a text with a wrong format, and unknown keys do not disturb them. */
function isStructural(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union' || issue.message === MISSING) return true;
  return !['invalid_format', 'unrecognized_keys', 'custom', 'too_small', 'too_big'].includes(issue.code);
}

/** Fields of a workload without which the rest can be checked. */
const SEPARATE_FIELDS = new Set<unknown>(['because', 'permissions', 'role', 'sdk', 'targets']);

/**
 * The path to remove: the value, the map that lacks a value, or the whole list, since removing one item would move the others. It is wider
 * where the rest would be checked wrongly: a cluster with a broken `agent` is not a cluster without an agent.
 */
function removable(data: unknown, path: Segments): Segments {
  const firstIndex = path.findIndex((segment) => typeof segment === 'number');
  let end = Math.min(firstIndex < 0 ? path.length : firstIndex, widest(path));
  while (end > 0 && valueAt(data, path.slice(0, end)) === undefined) end -= 1;
  return path.slice(0, end);
}

function widest([section, , field]: Segments): number {
  if (section === 'accounts' || section === 'waves') return 2;
  if (section === 'environments') return field === 'clusters' ? 4 : Infinity;
  if (section !== 'workloads' || SEPARATE_FIELDS.has(field)) return field === 'targets' ? 4 : Infinity;
  return 2;
}

function remove(data: PlainMap, path: Segments): void {
  const parent = valueAt(data, path.slice(0, -1));
  const key = path.at(-1);
  if (parent !== null && typeof parent === 'object' && key !== undefined) Reflect.deleteProperty(parent, key);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isMap(value)) return value;
  const result = emptyMap();
  for (const [key, item] of Object.entries(value)) result[key] = copy(item);
  return result;
}
