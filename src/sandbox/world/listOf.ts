import type { OneOrMany } from '../../iam/PolicyDocument';

/** One value or several, as a list; empty for nothing. */
export function listOf<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
