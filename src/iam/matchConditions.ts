import type { ConditionOperator } from './conditions/ConditionOperator';
import type { ParsedOperator } from './conditions/parseOperator';
import { parseOperator } from './conditions/parseOperator';
import type { FailedCondition } from './Decision';
import { lowerCase } from './boundedCache';
import { expandVariables } from './expandVariables';
import type { ExpandedValue } from './expandVariables';
import type { ConditionValue, OneOrMany, Statement } from './PolicyDocument';
import type { RequestContext } from './RequestContext';

function textsOf(values: OneOrMany<ConditionValue>): readonly string[] {
  if (typeof values === 'string') return [values];
  return (Array.isArray(values) ? (values as readonly ConditionValue[]) : [values as ConditionValue]).map(String);
}

/**
 * Whether a condition holds whose key the request does not carry. `ForAnyValue:` never does, `IfExists` or not.
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
  // To a set operator, values that are all empty are a null data set: as good as no key.
  if (found === undefined || (set !== undefined && found.every((value) => value === '')))
    return holdsWithoutKey(operator);
  // Without a set operator several values count as one: a positive test wants one of them, a negated one all.
  const all = set === undefined ? test.negated : set === 'ForAllValues';
  return all
    ? found.every((value) => holdsFor(value, wanted, test))
    : found.some((value) => holdsFor(value, wanted, test));
}

/**
 * Which conditions of a statement fail for a request; all of them must hold.
 *
 * An operator that IAM does not know cannot be judged: it fails in an `Allow` and holds in a `Deny`, so that the mistake
 * never lets anyone in. IAM itself refuses such a document, and so does `validateDocument`.
 * @param variables whether the document's version has policy variables
 * @returns one entry for each failing key, in the order of the policy; empty when the conditions hold
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
