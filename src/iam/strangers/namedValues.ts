import { type ConditionValue, listOf, type Statement } from '../PolicyDocument';

/** The values that conditions on some keys name as those of a caller that may have the role: in an `Allow` what it asks for, in a `Deny` what it spares. */
export function namedValues(statements: readonly Statement[], isKey: (key: string) => boolean): readonly string[] {
  return statements.flatMap(({ Effect, Condition = {} }) =>
    Object.entries(Condition)
      .filter(([operator]) => !/null$/i.test(operator) && /not/i.test(operator) === (Effect === 'Deny'))
      .flatMap(([, keys]) => Object.entries(keys))
      .flatMap(([key, values]) => (isKey(key.toLowerCase()) ? listOf<ConditionValue>(values).map(String) : []))
      .filter((value) => !value.includes('${')),
  );
}

/** Whether a text has no wildcards. */
export function isExact(text: string): boolean {
  return !/[*?]/.test(text);
}
