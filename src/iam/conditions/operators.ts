import { arnLike } from './ArnOperators';
import { binaryEquals } from './BinaryOperator';
import { bool } from './BoolOperator';
import type { Comparison, ConditionOperator } from './ConditionOperator';
import { dateEquals, dateGreaterThan, dateGreaterThanEquals, dateLessThan, dateLessThanEquals } from './DateOperators';
import { ipAddress } from './IpAddressOperators';
import {
  numericEquals,
  numericGreaterThan,
  numericGreaterThanEquals,
  numericLessThan,
  numericLessThanEquals,
} from './NumericOperators';
import { stringEquals, stringEqualsIgnoreCase, stringLike } from './StringOperators';

function row(matches: Comparison, sign: 'is' | 'is not', values: 'variables' | 'plain'): ConditionOperator {
  return { matches, negated: sign === 'is not', variables: values === 'variables' };
}

/**
 * Every condition operator but `Null`, which asks for presence and compares nothing.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: row(stringEquals, 'is', 'variables'),
  StringNotEquals: row(stringEquals, 'is not', 'variables'),
  StringEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is', 'variables'),
  StringNotEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is not', 'variables'),
  StringLike: row(stringLike, 'is', 'variables'),
  StringNotLike: row(stringLike, 'is not', 'variables'),
  ArnEquals: row(arnLike, 'is', 'variables'),
  ArnNotEquals: row(arnLike, 'is not', 'variables'),
  ArnLike: row(arnLike, 'is', 'variables'),
  ArnNotLike: row(arnLike, 'is not', 'variables'),
  Bool: row(bool, 'is', 'variables'),
  NumericEquals: row(numericEquals, 'is', 'plain'),
  NumericNotEquals: row(numericEquals, 'is not', 'plain'),
  NumericLessThan: row(numericLessThan, 'is', 'plain'),
  NumericLessThanEquals: row(numericLessThanEquals, 'is', 'plain'),
  NumericGreaterThan: row(numericGreaterThan, 'is', 'plain'),
  NumericGreaterThanEquals: row(numericGreaterThanEquals, 'is', 'plain'),
  DateEquals: row(dateEquals, 'is', 'plain'),
  DateNotEquals: row(dateEquals, 'is not', 'plain'),
  DateLessThan: row(dateLessThan, 'is', 'plain'),
  DateLessThanEquals: row(dateLessThanEquals, 'is', 'plain'),
  DateGreaterThan: row(dateGreaterThan, 'is', 'plain'),
  DateGreaterThanEquals: row(dateGreaterThanEquals, 'is', 'plain'),
  IpAddress: row(ipAddress, 'is', 'plain'),
  NotIpAddress: row(ipAddress, 'is not', 'plain'),
  BinaryEquals: row(binaryEquals, 'is', 'plain'),
};
