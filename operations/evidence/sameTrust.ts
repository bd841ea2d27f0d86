import type { ConditionBlock, OneOrMany, PolicyDocument, PrincipalElement, Statement } from '../../iam/PolicyDocument';

/** How a trust policy in AWS differs from the one that should stand there; counted in statements. */
export interface TrustDifference {
  readonly missing: number;
  readonly extra: number;
}

/**
 * Compares two trust policies by what they say: order, one value or a list of one, Sids, the case of actions, operators and keys,
 * and an account written as its root's ARN make no difference.
 */
export function trustDifference(found: PolicyDocument, wanted: PolicyDocument): TrustDifference {
  const there = new Set(listOf(found.Statement).map(canonical));
  const should = new Set(listOf(wanted.Statement).map(canonical));
  return {
    missing: [...should].filter((statement) => !there.has(statement)).length,
    extra: [...there].filter((statement) => !should.has(statement)).length,
  };
}

function canonical({ Principal, NotPrincipal, Condition = {}, ...rest }: Statement): string {
  return JSON.stringify([
    rest.Effect,
    sorted(rest.Action, (action) => action.toLowerCase()),
    sorted(rest.NotAction, (action) => action.toLowerCase()),
    principal(Principal),
    principal(NotPrincipal),
    conditions(Condition),
  ]);
}

function principal(element: PrincipalElement | undefined): unknown {
  if (element === undefined || element === '*') return element ?? null;
  return Object.entries(element)
    .map(([kind, values]) => [kind, sorted(values, (value) => value.replace(/^arn:[\w-]+:iam::(\d{12}):root$/, '$1'))])
    .toSorted(byText);
}

function conditions(block: ConditionBlock): unknown {
  return Object.entries(block)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => [operator.toLowerCase(), conditionKey(key), sorted(values, String)]),
    )
    .toSorted(byText);
}

/** Condition keys have no case, but the tag key that stands in one may be compared by people: `aws:RequestTag/Team`. */
function conditionKey(key: string): string {
  return key.toLowerCase();
}

function sorted<T>(values: OneOrMany<T> | undefined, text: (value: T) => string): string[] {
  return values === undefined ? [] : [...new Set(listOf(values).map(text))].toSorted();
}

function listOf<T>(values: OneOrMany<T>): readonly T[] {
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
