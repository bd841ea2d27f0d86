import type { Statement } from '../iam/PolicyDocument';

/**
 * One thing that stands otherwise than it must. `missing`: it must be there and is not. `unwanted`: it is there and must not be. Any other `what` names
 * the property that differs; then `wanted` and `found` have its values, absent where there is none.
 */
export interface Mismatch<What extends string = string> {
  readonly what: What | 'missing' | 'unwanted';
  readonly wanted?: string;
  readonly found?: string;
}

/** How two policy documents differ: statements narrowed to the part that differs. */
export interface DocumentMismatch {
  /** Wanted, and not found. */
  readonly missing: readonly Statement[];
  /** Found, and not wanted. */
  readonly extra: readonly Statement[];
}

/** The mismatch of a property whose two values are texts; none where they are equal. */
export function property<What extends string>(
  what: What,
  wanted: string | undefined,
  found: string | undefined,
): readonly Mismatch<What>[] {
  if (wanted === found) return [];
  return [{ what, ...(wanted !== undefined && { wanted }), ...(found !== undefined && { found }) }];
}
