import { optionalNumber, optionalText, type Input } from '../api/Input';
import { page } from '../api/page';

/**
 * One page of a list under IAM's names: `Marker` and `MaxItems` (100 unless told) in, `IsTruncated` and `Marker` out.
 */
export function iamPage<T>(
  input: Input,
  all: readonly T[],
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const size = optionalNumber(input, 'MaxItems', 1, 1000) ?? 100;
  const { items, next } = page(all, keyOf, optionalText(input, 'Marker'), size);
  return { items, paging: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}
