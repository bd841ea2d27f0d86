import { isIP } from 'node:net';
import type { Rule, RuleFinding } from '../Rule';

/** What values an operator compares, except dates: AWS refuses a wrong one (`malformed-policy`). Each by its name without set prefix and `IfExists`. */
const KINDS: readonly (readonly [RegExp, (text: string) => boolean, string])[] = [
  [/^Numeric/, (text) => /^[-+]?\d+(\.\d+)?$/.test(text), 'a number'],
  [/^(Bool|Null)$/, (text) => /^(true|false)$/i.test(text), 'true or false'],
  [/IpAddress$/, isRange, 'an address or a range such as 203.0.113.0/24'],
];

/**
 * IAM does not compare such a value with anything, so that a Deny under the condition can deny nothing.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const conditionValue: Rule = {
  name: 'condition-value',
  severities: ['warning'],
  what: "A condition has a key, and its values are of the operator's kind.",
  example: '"yes" is not true or false: IAM cannot compare it in the condition Bool aws:SecureTransport',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      for (const [operator, keys] of Object.entries(statement.conditions ?? {})) {
        if (Object.keys(keys).length === 0)
          yield {
            path: at('conditions', operator),
            message: `${operator} has no condition key: it changes nothing`,
            hint: 'Write the key and its value, or remove the operator.',
            at: 'key',
          };
        for (const [key, values] of Object.entries(keys))
          yield* wrongValues(operator, key, values, (...rest) => at('conditions', operator, key, ...rest));
      }
    }
  },
};

function* wrongValues(
  operator: string,
  key: string,
  values: string | readonly string[],
  path: (...rest: readonly number[]) => RuleFinding['path'],
): Generator<RuleFinding> {
  const bare = operator.replace(/^(ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '');
  const [, isRight, words] = KINDS.find(([pattern]) => pattern.test(bare)) ?? [];
  if (isRight === undefined) return;
  for (const [index, value] of [values].flat().entries()) {
    // A policy variable has its value later.
    if (value.includes('${') || isRight(value)) continue;
    yield {
      path: typeof values === 'string' ? path() : path(index),
      message: `${JSON.stringify(value)} is not ${words ?? ''}: IAM cannot compare it in the condition ${operator} ${key}`,
      hint: `Write ${words ?? ''}, or use another operator.`,
    };
  }
}

function isRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const kind = isIP(address);
  if (kind === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (kind === 4 ? 32 : 128));
}
