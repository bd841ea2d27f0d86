import { parseOperator } from '../conditions/parseOperator';
import { isObject, shown } from './DocumentKind';

function isValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function validateKey(operator: string, key: string, value: unknown): readonly string[] {
  const messages: string[] = [];
  const at = `Condition.${operator}`;
  if (!key.includes(':'))
    messages.push(`${at} has the key ${shown(key)}; condition keys are prefaced by a vendor, e.g. aws:SourceAccount`);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every(isValue))
    messages.push(`${at}.${key} is ${shown(value)}; wanted a text, number or truth value, or a list of them`);
  return messages;
}

function validateOperator(operator: string, keys: unknown): readonly string[] {
  const known =
    parseOperator(operator) === undefined
      ? [`Invalid Condition type : ${operator}; see the operators StringEquals, ArnLike, Bool, Null and so on`]
      : [];
  if (!isObject(keys)) return [...known, `Condition.${operator} is ${shown(keys)}; wanted an object of condition keys`];
  return [...known, ...Object.entries(keys).flatMap(([key, value]) => validateKey(operator, key, value))];
}

/**
 * Checks the `Condition` of a statement.
 * @returns messages, none when it is well formed
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function validateCondition(condition: unknown): readonly string[] {
  if (!isObject(condition)) return [`Condition is ${shown(condition)}; wanted an object of condition operators`];
  return Object.entries(condition).flatMap(([operator, keys]) => validateOperator(operator, keys));
}
