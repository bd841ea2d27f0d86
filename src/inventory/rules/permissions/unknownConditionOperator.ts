import { didYouMean, listed } from '../../suggest';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: ReadonlySet<string> = new Set([
  ...[
    'StringEquals',
    'StringNotEquals',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
    'StringLike',
    'StringNotLike',
  ],
  ...[
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  ...['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
  ...[
    'Bool',
    'BinaryEquals',
    'IpAddress',
    'NotIpAddress',
    'ArnEquals',
    'ArnLike',
    'ArnNotEquals',
    'ArnNotLike',
    'Null',
  ],
]);

/** `ForAllValues:` and `ForAnyValue:` may stand before an operator, `IfExists` behind all but `Null`. */
export const unknownConditionOperator: Rule = {
  name: 'unknown-condition-operator',
  severities: ['error'],
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
          hint: 'Write the operator as IAM does, with its capitals.',
          at: 'key',
        };
      }
    }
  },
};
