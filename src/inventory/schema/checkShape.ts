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
}

/** Checks the content of a file against the schema and keeps what can be used, so that the rules find the rest in the same run. */
export function checkShape(content: Readonly<Record<string, unknown>>): Shape {
  const first = inventorySchema.safeParse(content);
  // The schema transforms nothing, so what it accepts is already what it gives back.
  if (first.success) return { issues: [], data: content };
  const issues = shapeIssues(first.error.issues, content);
  return { issues, data: salvage(content, first.error.issues) };
}

/** Takes out what the schema refuses, then what misses it, until the rest is of the right kind. */
function salvage(content: object, issues: readonly z.core.$ZodIssue[]): WrittenInventory {
  const data = copy(content) as Record<string, unknown>;
  let left = issues.filter(isStructural);
  while (left.length > 0) {
    // Found before anything is taken out: of two mistakes in an entry, the second would else take out what is around it.
    const culprits = left.map(({ path }) =>
      removable(
        data,
        path.filter((segment) => typeof segment !== 'symbol'),
      ),
    );
    for (const culprit of culprits) if (culprit.length > 0) remove(data, culprit);
    const next = inventorySchema.safeParse(data);
    left = next.success ? [] : next.error.issues.filter(isStructural);
  }
  return data;
}

/** A text of the wrong form is still a text: rules can work with it. Unknown keys disturb nobody. */
function isStructural(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') return true;
  return !['invalid_format', 'unrecognized_keys', 'custom', 'too_small', 'too_big'].includes(issue.code);
}

/** Fields of a workload without which the rest can still be judged. */
const SEPARATE_FIELDS = new Set<unknown>(['because', 'permissions', 'role', 'sdk', 'targets']);

/**
 * The value itself, the container of one that is missing, or the whole list around it: taking one item out would move the rest.
 * Wider where the rest would be judged wrongly without it: a cluster without its broken `agent` is no cluster without an agent.
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
