import { validationError } from './ApiError';

/** The parameters of a request by their API names: text and lists from the Query protocol, JSON values from REST-JSON. */
export type Input = Readonly<Record<string, unknown>>;

/** The constraints of a text; lengths in characters. */
export interface TextRule {
  readonly pattern?: RegExp;
  readonly min?: number;
  readonly max?: number;
  /** The member in errors: `tags.1.member.key`. Default: the name of the parameter. */
  readonly at?: string;
}

function fail(key: string, value: unknown, constraint: string): never {
  const shown = value === undefined || value === null ? 'null' : JSON.stringify(value).slice(0, 200);
  const member = key.charAt(0).toLowerCase() + key.slice(1);
  throw validationError(
    `1 validation error detected: Value ${shown.replace(/^"|"$/g, "'")} at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

function check(key: string, value: string, rule: TextRule): string {
  const { min = 0, max, pattern, at = key } = rule;
  if (value.length < min) fail(at, value, `Member must have length greater than or equal to ${min}`);
  if (max !== undefined && value.length > max) fail(at, value, `Member must have length less than or equal to ${max}`);
  if (pattern !== undefined && !pattern.test(value)) {
    fail(at, value, `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`);
  }
  return value;
}

/** The text of a parameter. Undefined when it is absent. Throws a validation error for any other type. */
export function optionalText(input: Input, key: string, rule: TextRule = {}): string | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') fail(key, value, 'Member must be a string');
  return check(key, value, rule);
}

/** The text of a required parameter. Throws a validation error when it is absent or breaks the rule. */
export function requiredText(input: Input, key: string, rule: TextRule = {}): string {
  return optionalText(input, key, { min: 1, ...rule }) ?? fail(rule.at ?? key, undefined, 'Member must not be null');
}

/** The whole number of a parameter, within bounds. Undefined when it is absent. The Query protocol sends numbers as text. */
export function optionalNumber(input: Input, key: string, min: number, max: number): number | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) fail(key, value, 'Member must be an integer');
  if (number < min) fail(key, value, `Member must have value greater than or equal to ${min}`);
  if (number > max) fail(key, value, `Member must have value less than or equal to ${max}`);
  return number;
}

/** The boolean of a parameter. Undefined when it is absent. */
export function optionalFlag(input: Input, key: string): boolean | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : fail(key, value, 'Member must be a boolean');
}

/** Throws a validation error when a required parameter is absent. */
export function requireMember(input: Input, key: string): void {
  if (input[key] === undefined || input[key] === null) fail(key, undefined, 'Member must not be null');
}

/** The list of a parameter, of at most `most` items. Empty when it is absent. */
function optionalList(input: Input, key: string, most = Infinity): readonly unknown[] {
  const value = input[key];
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value)) fail(key, value, 'Member must be a list');
  const list = value as unknown[];
  if (list.length > most) fail(key, list, `Member must have length less than or equal to ${most}`);
  return list;
}

/** The list of texts of a parameter, of at most `most` items. Empty when it is absent. */
export function textList(input: Input, key: string, rule: TextRule & { readonly most?: number } = {}): string[] {
  return optionalList(input, key, rule.most).map((value) =>
    typeof value === 'string' ? check(key, value, rule) : fail(key, value, 'Member must be a string'),
  );
}

/** The list of structures of a parameter, of at most `most` items. Empty when it is absent. */
export function structureList(input: Input, key: string, most?: number): Input[] {
  return optionalList(input, key, most).map((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Input)
      : fail(key, value, 'Member must be a structure'),
  );
}
