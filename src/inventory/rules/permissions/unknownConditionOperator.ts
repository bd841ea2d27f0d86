import { didYouMean, listed } from '../../suggest';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const ORDERED = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const OPERATORS: ReadonlySet<string> = new Set([
  ...['Equals', 'NotEquals', 'EqualsIgnoreCase', 'NotEqualsIgnoreCase', 'Like', 'NotLike'].map((one) => `String${one}`),
  ...ORDERED.map((one) => `Numeric${one}`),
  ...ORDERED.map((one) => `Date${one}`),
  ...['Equals', 'Like', 'NotEquals', 'NotLike'].map((one) => `Arn${one}`),
  ...['Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress', 'Null'],
]);

export const unknownConditionOperator: Rule = {
  name: 'unknown-condition-operator',
  what: "A condition's operator exists.",
  example: 'there is no condition operator StringEqual: did you mean "StringEquals"?',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      for (const operator of Object.keys(statement.conditions ?? {})) {
        const bare = operator.replace(/^(ForAllValues|ForAnyValue):/, '');
        const name = bare === 'NullIfExists' ? bare : bare.replace(/IfExists$/, '');
        if (OPERATORS.has(name)) continue;
        yield {
          path: at('conditions', operator),
          message: `there is no condition operator ${operator}: ${didYouMean(name, OPERATORS)}operators: ${listed(OPERATORS, 6)}`,
          hint: 'Write the operator as in IAM, with its capitals.',
          at: 'key',
        };
      }
    }
  },
};
