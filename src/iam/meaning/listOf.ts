import type { OneOrMany } from '../PolicyDocument';

/** The values of an element that is one or a list. */
export function listOf<T>(values: OneOrMany<T>): readonly T[] {
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}

/** One value as it is, several as a list. */
export function oneOrList<T>(values: readonly T[]): OneOrMany<T> {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
