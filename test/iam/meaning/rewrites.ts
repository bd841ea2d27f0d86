import fc from 'fast-check';
import type {
  ConditionBlock,
  ConditionValue,
  PolicyDocument,
  PrincipalElement,
  Statement,
} from '../../../src/iam/PolicyDocument';

// Ways to write a document otherwise. `random` gives numbers from 0 up to a bound.

type Random = (bound: number) => number;
type Rewrite = (statements: readonly Statement[], random: Random) => readonly Statement[];

const list = <T>(values: T | readonly T[]): T[] => [values].flat() as T[];

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, place: random(1000) }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
}

function cased(text: string, random: Random): string {
  return text.replace(/[a-z]/gi, (letter) => (random(2) === 0 ? letter.toUpperCase() : letter.toLowerCase()));
}

const each =
  (change: (statement: Statement, random: Random) => Statement): Rewrite =>
  (statements, random) =>
    statements.map((statement) => change(statement, random));

function inConditions(
  { Condition, ...rest }: Statement,
  change: (operator: string, key: string, values: readonly ConditionValue[]) => readonly [string, string, unknown],
): Statement {
  if (Condition === undefined) return rest;
  const block: Record<string, Record<string, unknown>> = {};
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, values] of Object.entries(keys)) {
      const [name, called, wanted] = change(operator, key, list(values));
      (block[name] ??= {})[called] = wanted;
    }
  return { ...rest, Condition: block as ConditionBlock };
}

/** Operators for which several values are several conditions, each enough by itself. */
function isAnyOf(operator: string): boolean {
  return !/^ForAllValues:|Not/i.test(operator);
}

function splitOn(statement: Statement, random: Random): readonly Statement[] {
  const axes: ((part: 0 | 1) => Statement)[] = [];
  const cut = <T>(values: T | readonly T[], put: (some: readonly T[]) => Statement) => {
    const all = list(values);
    if (all.length < 2) return;
    const at = 1 + random(all.length - 1);
    axes.push((part) => put(part === 0 ? all.slice(0, at) : all.slice(at)));
  };
  if (statement.Action !== undefined) cut(statement.Action, (Action) => ({ ...statement, Action }));
  if (statement.Resource !== undefined) cut(statement.Resource, (Resource) => ({ ...statement, Resource }));
  for (const [operator, keys] of Object.entries(statement.Condition ?? {}))
    for (const [key, values] of Object.entries(keys))
      if (isAnyOf(operator))
        cut(values, (some) => ({
          ...statement,
          Condition: { ...statement.Condition, [operator]: { ...keys, [key]: some } },
        }));
  const axis = axes[random(axes.length)];
  return axis === undefined ? [statement] : [axis(0), axis(1)];
}

function root(principal: PrincipalElement | undefined): PrincipalElement | undefined {
  if (principal === undefined || principal === '*') return principal;
  const { AWS } = principal;
  if (AWS === undefined) return principal;
  const other = (name: string) =>
    /^\d{12}$/.test(name) ? `arn:aws:iam::${name}:root` : name.replace(/^arn:aws:iam::(\d{12}):root$/, '$1');
  return { ...principal, AWS: list(AWS).map(other) };
}

function everyone(principal: PrincipalElement | undefined): PrincipalElement | undefined {
  if (principal === '*') return { AWS: ['*', 'arn:aws:iam::111122223333:role/orders'], Service: 'ec2.amazonaws.com' };
  return principal !== undefined && list(principal.AWS ?? []).includes('*') ? '*' : principal;
}

function withPrincipals(statement: Statement, change: typeof root): Statement {
  const { Principal, NotPrincipal, ...rest } = statement;
  const [is, not] = [change(Principal), change(NotPrincipal)];
  return {
    ...rest,
    ...(is === undefined ? {} : { Principal: is }),
    ...(not === undefined ? {} : { NotPrincipal: not }),
  };
}

/** Every way that keeps the meaning, by name. */
export const REWRITES: Readonly<Record<string, Rewrite>> = {
  'statements in another order': shuffled,
  'a statement twice': (statements, random) => [...statements, statements[random(statements.length)]!],
  'other Sids': each((statement, random) => ({ ...statement, Sid: `Sid${random(1000)}` })),
  'lists in another order, and values twice': each((statement, random) => ({
    ...inConditions(statement, (operator, key, values) => [operator, key, shuffled([...values, ...values], random)]),
    ...(statement.Action === undefined ? {} : { Action: shuffled(list(statement.Action), random) }),
    ...(statement.NotAction === undefined ? {} : { NotAction: shuffled(list(statement.NotAction), random) }),
    ...(statement.Resource === undefined ? {} : { Resource: shuffled(list(statement.Resource), random) }),
    ...(statement.NotResource === undefined ? {} : { NotResource: shuffled(list(statement.NotResource), random) }),
  })),
  'actions in other case': each((statement, random) => ({
    ...statement,
    ...(statement.Action === undefined ? {} : { Action: list(statement.Action).map((one) => cased(one, random)) }),
    ...(statement.NotAction === undefined
      ? {}
      : { NotAction: list(statement.NotAction).map((one) => cased(one, random)) }),
  })),
  'operators and keys in other case': each((statement, random) =>
    inConditions(statement, (operator, key, values) => [cased(operator, random), cased(key, random), values]),
  ),
  'truth values and numbers as JSON has them': each((statement) =>
    inConditions(statement, (operator, key, values) => [
      operator,
      key,
      values.map((value) =>
        value === 'true' ? true : value === 'false' ? false : /^\d{1,6}$/.test(String(value)) ? Number(value) : value,
      ),
    ]),
  ),
  'stars doubled': each((statement) => {
    const doubled = (text: string) => (text.includes('${') ? text : text.replace(/\*+/g, '**'));
    return {
      ...statement,
      ...(statement.Action === undefined ? {} : { Action: list(statement.Action).map(doubled) }),
      ...(statement.Resource === undefined ? {} : { Resource: list(statement.Resource).map(doubled) }),
    };
  }),
  'all actions as *:*': each((statement) =>
    statement.Action === undefined
      ? statement
      : { ...statement, Action: list(statement.Action).map((action) => (action === '*' ? '*:*' : action)) },
  ),
  'what a star takes in beside it': each((statement) => ({
    ...statement,
    ...(list(statement.Action ?? []).includes('*') ? { Action: ['sts:AssumeRole', '*'] } : {}),
    ...(list(statement.Resource ?? []).includes('*') ? { Resource: ['*', 'arn:aws:s3:::x/*'] } : {}),
  })),
  'roots as accounts, accounts as roots': each((statement) => withPrincipals(statement, root)),
  'everyone otherwise': each((statement) => withPrincipals(statement, everyone)),
  'StringLike without a wildcard for StringEquals': each((statement) =>
    inConditions(statement, (operator, key, values) => {
      const like = operator.replace(/^((?:For\w+:)?String(?:Not)?)Equals(IfExists)?$/, '$1Like$2');
      const plain = values.every((value) => !/[*?$]/.test(String(value)));
      return [plain && !(like in (statement.Condition ?? {})) ? like : operator, key, values];
    }),
  ),
  'a statement split': (statements, random) => {
    const at = random(statements.length);
    return statements.flatMap((statement, index) => (index === at ? splitOn(statement, random) : [statement]));
  },
  'single values without a list': each((statement) => {
    const single = <T>(values: T | readonly T[]) => {
      const all = list(values);
      return all.length === 1 ? all[0]! : all;
    };
    return {
      ...inConditions(statement, (operator, key, values) => [operator, key, single(values)]),
      ...(statement.Action === undefined ? {} : { Action: single(statement.Action) }),
      ...(statement.Resource === undefined ? {} : { Resource: single(statement.Resource) }),
    };
  }),
};

/** A document with some of the rewrites applied, and their names. */
export function rewritten(document: PolicyDocument): fc.Arbitrary<readonly [PolicyDocument, readonly string[]]> {
  return fc
    .tuple(
      fc.array(fc.constantFrom(...Object.keys(REWRITES)), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.nat(1_000_000)),
    )
    .map(([names, stream]) => {
      const random: Random = (bound) => (bound < 1 ? 0 : (stream.next().value as number) % bound);
      const Statement = names.reduce<readonly Statement[]>(
        (statements, name) => REWRITES[name]!(statements, random),
        [document.Statement].flat(),
      );
      return [{ ...document, Statement }, names] as const;
    });
}
