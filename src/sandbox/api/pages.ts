import { validationError } from './ApiError';
import { type Input, optionalNumber, optionalText } from './Input';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The marker of the next page. Absent on the last page. */
  readonly next?: string;
}

/**
 * One page of a list, sorted by key. The marker names the last item of the page before, not a position: an item that is created or deleted
 * between two pages does not hide or repeat others. Throws a validation error for a marker that is not from this function.
 */
export function page<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  marker: string | undefined,
  size: number,
): Page<T> {
  const sorted = [...all].sort((one, other) => compare(keyOf(one), keyOf(other)));
  const after = marker === undefined ? undefined : readMarker(marker);
  const rest = after === undefined ? sorted : sorted.filter((item) => compare(keyOf(item), after) > 0);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  return rest.length > items.length && last !== undefined
    ? { items, next: Buffer.from(`after:${keyOf(last)}`).toString('base64url') }
    : { items };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith('after:')) throw validationError(`Invalid Marker: ${marker}`);
  return text.slice('after:'.length);
}

/** One page with IAM's parameters: `Marker` and `MaxItems` (default: 100) in, `IsTruncated` and `Marker` out. */
export function iamPage<T>(
  input: Input,
  all: readonly T[],
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const size = optionalNumber(input, 'MaxItems', 1, 1000) ?? 100;
  const { items, next } = page(all, keyOf, optionalText(input, 'Marker'), size);
  return { items, paging: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}

/** One page with EKS's parameters: `nextToken` and `maxResults` (default: 100) in, `nextToken` out. */
export function eksPage<T>(
  input: Input,
  all: readonly T[],
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const size = optionalNumber(input, 'maxResults', 1, 100) ?? 100;
  const { items, next } = page(all, keyOf, optionalText(input, 'nextToken'), size);
  return { items, nextToken: next };
}
