import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

/**
 * Whether two configurations of an EKS add-on say the same: JSON or YAML, in whatever order and layout. A text that is neither is only
 * the same as itself. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (configurationValues)
 */
export function sameConfiguration(one: string, other: string): boolean {
  return one.trim() === other.trim() || isDeepStrictEqual(valuesOf(one), valuesOf(other));
}

function valuesOf(text: string): unknown {
  try {
    // An empty text and an empty map both say nothing.
    return (parse(text) as unknown) ?? {};
  } catch {
    return { text };
  }
}
