import { type ConditionOperator, type ParsedOperator, parseOperator } from './conditions/operators';
import type { FailedCondition } from './Decision';
import { lowerCase } from './boundedCache';
import { expandVariables } from './expandVariables';
import type { ExpandedValue } from './expandVariables';
import type { ConditionValue, OneOrMany, Statement } from './PolicyDocument';
import type { RequestContext } from './requestContext';

function textsOf(values: OneOrMany<ConditionValue>): readonly string[] {
  if (typeof values === 'string') return [values];
  return (Array.isArray(values) ? (values as readonly ConditionValue[]) : [values as ConditionValue]).map(String);
}

/**
 * Whether a condition is true without its key in the request. With `ForAnyValue:` it never is, with or without `IfExists`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * and, run against AWS, https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w
 */
function holdsWithoutKey({ set, ifExists, test }: ParsedOperator): boolean {
  if (set !== undefined) return set === 'ForAllValues';
  return ifExists || (test !== 'Null' && test.negated);
}

const WITH = { variables: true };
const WITHOUT = { variables: false };

type Wanted = readonly (ExpandedValue | undefined)[];

function holdsFor(value: string, wanted: Wanted, { matches, negated }: ConditionOperator): boolean {
  return wanted.some((one) => one !== undefined && matches(value, one)) !== negated;
}

function holds(operator: ParsedOperator, wanted: Wanted, found: readonly string[] | undefined): boolean {
  const { set, test } = operator;
  if (test === 'Null') {
    const asked = found === undefined ? 'true' : 'false';
    return wanted.some((value) => value?.text.toLowerCase() === asked);
  }
  // For a set operator, values that are all empty are a null data set, which equals an absent key.
  if (found === undefined || (set !== undefined && found.every((value) => value === '')))
    return holdsWithoutKey(operator);
  // Without a set operator a positive test needs one of several values, and a negated test needs all.
  const all = set === undefined ? test.negated : set === 'ForAllValues';
  return all
    ? found.every((value) => holdsFor(value, wanted, test))
    : found.some((value) => holdsFor(value, wanted, test));
}

/**
 * The conditions of a statement that fail for a request. A statement applies only without a failed condition.
 *
 * An unknown operator cannot be evaluated: it fails in an `Allow` and is true in a `Deny`, so that the mistake never gives access. IAM
 * refuses such a document, and so does `validateDocument`.
 * @param variables whether the document's version has policy variables
 * @returns one entry for each failed key, in the order of the policy
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function failedConditions(
  { Condition, Effect }: Statement,
  context: RequestContext,
  variables: boolean,
): readonly FailedCondition[] {
  if (Condition === undefined) return [];
  const failed: FailedCondition[] = [];
  for (const operator in Condition) {
    const parsed = parseOperator(operator);
    const options =
      variables && parsed !== undefined && parsed.test !== 'Null' && parsed.test.variables ? WITH : WITHOUT;
    const keys = Condition[operator] ?? {};
    for (const key in keys) {
      const found = context.get(lowerCase(key));
      const written = textsOf(keys[key] ?? []);
      const wanted = written.map((value) => expandVariables(value, context, options));
      if (parsed === undefined ? Effect === 'Deny' : holds(parsed, wanted, found)) continue;
      const texts = written.map((value, index) => wanted[index]?.text ?? value);
      failed.push(found === undefined ? { operator, key, wanted: texts } : { operator, key, wanted: texts, found });
    }
  }
  return failed;
}
