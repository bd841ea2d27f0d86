import { lowerCase } from './boundedCache';
import { type ConditionOperator, ofSome, type ParsedOperator, parseOperator, type Truth } from './conditions/operators';
import type { FailedCondition, OpenCondition } from './Decision';
import { expandVariables } from './expandVariables';
import type { ExpandedValue } from './expandVariables';
import { type ConditionValue, listOf, type OneOrMany, type Statement } from './PolicyDocument';
import type { ValueSet } from './Request';
import type { RequestContext } from './requestContext';

function textsOf(values: OneOrMany<ConditionValue>): readonly string[] {
  return listOf(values).map(String);
}

/** An operator that compares values: every one but `Null`. */
interface Comparing extends ParsedOperator {
  readonly test: ConditionOperator;
}

function comparesValues(operator: ParsedOperator): operator is Comparing {
  return operator.test !== 'Null';
}

/**
 * Whether a condition is true without its key in the request. With `ForAnyValue:` it never is, with or without `IfExists`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * and, run against AWS, https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w
 */
function holdsWithoutKey({ set, ifExists, test }: Comparing): boolean {
  if (set !== undefined) return set === 'ForAllValues';
  return ifExists || test.negated;
}

const WITH = { variables: true };
const WITHOUT = { variables: false };

/** Wanted values; undefined: a variable in it has no value, or none that is known. */
type Wanted = readonly (ExpandedValue | undefined)[];

function not(truth: Truth): Truth {
  return truth === 'open' ? truth : !truth;
}

/** Whether the test is true for one value. `unresolved`: whether a wanted value with a variable of unknown value matches. */
function holdsFor(value: string, wanted: Wanted, { matches, negated }: ConditionOperator, unresolved: Truth): Truth {
  const isMatch = ofSome(wanted, (one) => (one === undefined ? unresolved : matches(value, one)));
  return negated ? not(isMatch) : isMatch;
}

function holds(
  operator: ParsedOperator,
  wanted: Wanted,
  found: readonly string[] | undefined,
  unresolved: Truth,
): Truth {
  if (!comparesValues(operator)) {
    const asked = found === undefined ? 'true' : 'false';
    return wanted.some((value) => value?.text.toLowerCase() === asked);
  }
  const { set, test } = operator;
  // For a set operator, values that are all empty are a null data set, which equals an absent key.
  if (found === undefined || (set !== undefined && found.every((value) => value === '')))
    return holdsWithoutKey(operator);
  return needsAll(operator)
    ? not(ofSome(found, (value) => not(holdsFor(value, wanted, test, unresolved))))
    : ofSome(found, (value) => holdsFor(value, wanted, test, unresolved));
}

/** Whether every value of the request must pass, or one. Without a set operator a positive test needs one of several values, and a negated test all. */
function needsAll({ set, test }: Comparing): boolean {
  return set === undefined ? test.negated : set === 'ForAllValues';
}

/** The truth for values to which others can be added: only what no other value can change is sure. */
function withMore(operator: ParsedOperator, truth: Truth): Truth {
  return !comparesValues(operator) || truth === !needsAll(operator) ? truth : 'open';
}

const ANY_TEXT: ValueSet = { like: '*', except: [] };

/** Whether a condition is true of a key that the request has with a value that is not known: sure only where every value gives the same. */
function holdsForSet(operator: ParsedOperator, wanted: Wanted, set: ValueSet | undefined): Truth {
  if (!comparesValues(operator)) return wanted.some((value) => value?.text.toLowerCase() === 'false');
  const { set: prefix, test } = operator;
  const resolved = wanted.filter((one) => one !== undefined);
  const known = resolved.length === 0 ? false : (test.among?.(set ?? ANY_TEXT, resolved) ?? 'open');
  const isMatch = known === false && resolved.length < wanted.length ? 'open' : known;
  const truth = test.negated ? not(isMatch) : isMatch;
  // Values of which nothing is known can be a null data set, for which a set operator does not compare.
  const isOne = set !== undefined || prefix === undefined;
  return isOne || truth === (prefix === 'ForAllValues') ? truth : 'open';
}

function truthOf(operator: ParsedOperator, key: string, wanted: Wanted, context: RequestContext): Truth {
  const { presence } = context;
  const found = context.get(key);
  const without = holds(operator, wanted, found, presence === undefined ? false : 'open');
  const missing = presence?.(key) ?? 'never';
  if (found !== undefined && context.canHaveMore?.(key) === true) return withMore(operator, without);
  if (missing === 'never') return without;
  const withKey = holdsForSet(operator, wanted, context.setOf?.(key));
  return missing === 'always' || withKey === without ? withKey : 'open';
}

/** The conditions of a statement that are not true for a request. */
export interface UntrueConditions {
  /** One entry for each failed key, in the order of the policy. */
  readonly failed: readonly FailedCondition[];
  /** The conditions that depend on what is not known of the request. */
  readonly open: readonly OpenCondition[];
}

/**
 * The conditions of a statement that fail for a request or cannot be evaluated. A statement applies only without either.
 *
 * An unknown operator cannot be evaluated: it fails in an `Allow` and is true in a `Deny`, so that the mistake never gives access. IAM
 * refuses such a document, and so does `validateDocument`.
 *
 * A variable without a value matches nothing. What IAM does then with a `Deny` and with negated operators is not documented, so where the request
 * is not completely known such a condition is open: it protects nothing and allows nothing.
 * @param variables whether the document's version has policy variables
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function untrueConditions(
  { Condition = {}, Effect }: Statement,
  context: RequestContext,
  variables: boolean,
): UntrueConditions {
  const failed: FailedCondition[] = [];
  const open: OpenCondition[] = [];
  for (const operator in Condition) {
    const parsed = parseOperator(operator);
    const options =
      variables && parsed !== undefined && comparesValues(parsed) && parsed.test.variables ? WITH : WITHOUT;
    const keys = Condition[operator] ?? {};
    for (const key in keys) {
      const name = lowerCase(key);
      const found = context.get(name);
      const written = textsOf(keys[key] ?? []);
      const wanted = written.map((value) => expandVariables(value, context, options));
      const truth = parsed === undefined ? Effect === 'Deny' : truthOf(parsed, name, wanted, context);
      if (truth === true) continue;
      const texts = written.map((value, index) => wanted[index]?.text ?? value);
      if (truth === 'open') open.push({ operator, key, wanted: texts });
      else
        failed.push(found === undefined ? { operator, key, wanted: texts } : { operator, key, wanted: texts, found });
    }
  }
  return { failed, open };
}
