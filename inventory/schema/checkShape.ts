import type { z } from 'zod';
import type { Issue, Segments } from '../Issue';
import { inventorySchema, type WrittenInventory } from './inventorySchema';
import { shapeIssues } from './shapeIssues';
import { valueAt } from './valueAt';

/** One file after the schema has seen it. */
export interface Shape {
  readonly issues: readonly Issue[];
  /** What is of the right kind. Texts of the wrong form are still in it; values of the wrong kind, and what cannot be without them, are not. */
  readonly data: WrittenInventory;
  /** Paths of values that were left out of `data`. */
  readonly removed: readonly Segments[];
}

/** Checks the content of a file against the schema and keeps what can be used, so that the rules find the rest in the same run. */
export function checkShape(content: Readonly<Record<string, unknown>>): Shape {
  const first = inventorySchema.safeParse(content);
  // The schema transforms nothing, so what it accepts is already what it gives back.
  if (first.success) return { issues: [], data: content as WrittenInventory, removed: [] };
  const issues = shapeIssues(first.error.issues, content);
  const { data, removed } = salvage(content, first.error.issues);
  return { issues, data, removed };
}

/** Takes out what the schema refuses, then what misses it, until the rest is of the right kind. */
function salvage(content: object, issues: readonly z.core.$ZodIssue[]): { data: WrittenInventory; removed: Segments[] } {
  const data = copy(content) as Record<string, unknown>;
  const removed: Segments[] = [];
  let left = issues.filter(isStructural);
  while (left.length > 0) {
    for (const { path } of left) {
      const culprit = removable(data, path.filter((segment) => typeof segment !== 'symbol') as Segments);
      if (culprit.length === 0) continue;
      remove(data, culprit);
      removed.push(culprit);
    }
    const next = inventorySchema.safeParse(data);
    left = next.success ? [] : next.error.issues.filter(isStructural);
  }
  return { data: data as WrittenInventory, removed };
}

/** A text of the wrong form is still a text: rules can work with it. Unknown keys disturb nobody. */
function isStructural(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') return true;
  return !['invalid_format', 'unrecognized_keys', 'custom', 'too_small', 'too_big'].includes(issue.code);
}

/** The value itself, the container of one that is missing, or the whole list around it: taking one item out would move the rest. */
function removable(data: unknown, path: Segments): Segments {
  const firstIndex = path.findIndex((segment) => typeof segment === 'number');
  let end = firstIndex < 0 ? path.length : firstIndex;
  while (end > 0 && valueAt(data, path.slice(0, end)) === undefined) end -= 1;
  return path.slice(0, end);
}

function remove(data: Record<string, unknown>, path: Segments): void {
  const parent = valueAt(data, path.slice(0, -1));
  const key = path.at(-1);
  if (parent !== null && typeof parent === 'object' && key !== undefined) Reflect.deleteProperty(parent, key);
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (value === null || typeof value !== 'object') return value;
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) result[key] = copy(item);
  return result;
}
