import { optionalNumber, optionalText, type Input } from '../api/Input';
import { page } from '../api/page';

/** One page of a list under EKS's names: `nextToken` and `maxResults` (100 unless told) in, `nextToken` out. */
export function eksPage<T>(
  input: Input,
  all: readonly T[],
  keyOf: (item: T) => string,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const size = optionalNumber(input, 'maxResults', 1, 100) ?? 100;
  const { items, next } = page(all, keyOf, optionalText(input, 'nextToken'), size);
  return { items, nextToken: next };
}
