import type { KeptStatement } from '../../inventory/Inventory';

/** What a caller would send to meet the conditions of a statement. */
export interface Met {
  /** By condition key, as the statement spells it; without those that AWS sets by who the caller is. */
  readonly context: Readonly<Record<string, string>>;
  /** Every wanted value by condition key in small letters, also of those that AWS sets. */
  readonly wanted: Readonly<Record<string, readonly string[]>>;
}

/** Keys that tell who the caller is, which no caller can choose. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const SET_BY_AWS = /^aws:(Principal(Account|Arn|Org|Service|Is|Type)|Source(Account|Arn|Org)|userid)/i;

/** Operators that a value can be sent for: those that ask for a value, not against one. */
const ASKS_FOR =
  /^(For(All|Any)Values:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool|IpAddress|(Numeric|Date)(Equals|\w+Equals))(IfExists)?$/i;

/** Meets every condition that can be met by sending its first wanted value. */
export function metBy({ Condition = {} }: KeptStatement): Met {
  const context: Record<string, string> = {};
  const wanted: Record<string, readonly string[]> = {};
  for (const [operator, block] of Object.entries(Condition)) {
    if (!ASKS_FOR.test(operator)) continue;
    for (const [key, values] of Object.entries(block)) {
      const texts = (Array.isArray(values) ? values : [values]).map(String);
      wanted[key.toLowerCase()] = texts;
      const [first] = texts;
      if (first === undefined || SET_BY_AWS.test(key)) continue;
      // An address of a range is in it.
      context[key] = withoutWildcards(/^IpAddress/i.test(operator) ? first.replace(/\/\d+$/, '') : first);
    }
  }
  return { context, wanted };
}

/** A text that a pattern with `*` and `?` takes. */
export function withoutWildcards(pattern: string): string {
  return pattern.replace(/[*?]/g, 'x');
}
