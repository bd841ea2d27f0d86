import { type ConditionValue, listOf, type Statement } from '../PolicyDocument';

interface NamedValue {
  readonly operator: string;
  readonly value: string;
}

function valuesNamed(statements: readonly Statement[], isKey: (key: string) => boolean): readonly NamedValue[] {
  return statements.flatMap(({ Effect, Condition = {} }) =>
    Object.entries(Condition)
      .filter(([operator]) => !/null/i.test(operator) && /not/i.test(operator) === (Effect === 'Deny'))
      .flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => ({ operator, key, values })))
      .filter(({ key }) => isKey(key.toLowerCase()))
      .flatMap(({ operator, values }) =>
        listOf<ConditionValue>(values).map((value) => ({ operator, value: String(value) })),
      ),
  );
}

/** The values that conditions on some keys name as those of a caller that may have the role: in an `Allow` what it asks for, in a `Deny` what it spares. */
export function namedValues(statements: readonly Statement[], isKey: (key: string) => boolean): readonly string[] {
  return valuesNamed(statements, isKey)
    .map(({ value }) => value)
    .filter((value) => !value.includes('${'));
}

/** The same, without patterns. Under `StringEquals` and after `$` in braces, `*` and `?` are characters and no wildcards. */
export function namedTexts(statements: readonly Statement[], isKey: (key: string) => boolean): readonly string[] {
  return valuesNamed(statements, isKey).flatMap(({ operator, value }) => {
    const unescaped = value.replace(ESCAPED, '');
    const hasWildcards = /[*?]/.test(unescaped) && !/string(not)?equals/i.test(operator);
    return hasWildcards || unescaped.includes('${') ? [] : [value.replace(ESCAPED, '$1')];
  });
}

const ESCAPED = /\$\{([*?$])\}/g;

const OWN_ACCOUNT = /\$\{aws:ResourceAccount\}/gi;

/** A statement with the account of the role in place of the variable for it. */
export function withAccount(statement: Statement, accountId: string): Statement {
  const { Condition } = statement;
  if (Condition === undefined) return statement;
  const inValue = (value: ConditionValue) =>
    typeof value === 'string' ? value.replace(OWN_ACCOUNT, accountId) : value;
  const replaced = Object.entries(Condition).map(([operator, keys]) => {
    const all = Object.entries(keys).map(
      ([key, values]) => [key, listOf<ConditionValue>(values).map(inValue)] as const,
    );
    return [operator, Object.fromEntries(all)] as const;
  });
  return { ...statement, Condition: Object.fromEntries(replaced) };
}
