import { splitArn } from '../Arn';
import { boundedCache } from '../boundedCache';
import { arnPatternOf, type ExpandedValue, patternOf } from '../expandVariables';
import { matchesEverything, matchPattern } from '../matchPattern';
import { ipAddress } from './ipAddress';

/**
 * Compares one value of the request with one wanted value of the policy. A value of the wrong form (not a number, date or ARN)
 * matches nothing, so a negated operator is true for it.
 */
export type Comparison = (found: string, wanted: ExpandedValue) => boolean;

/** A condition operator without its `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
export interface ConditionOperator {
  readonly matches: Comparison;
  /** True when none of the wanted values matches, and when the key is absent. */
  readonly negated: boolean;
  /** Whether `${…}` in its values is a policy variable. */
  readonly variables: boolean;
  /** Whether every value that a key can have matches one of the wanted values. Absent: no wanted values are known to do that. */
  readonly matchesEvery?: (wanted: readonly ExpandedValue[]) => boolean;
}

/** The same text, case sensitive; `*` and `?` are not wildcards. */
const stringEquals: Comparison = (found, wanted) => found === wanted.text;

/** The same text, not case sensitive. */
const stringEqualsIgnoreCase: Comparison = (found, wanted) => found.toLowerCase() === wanted.text.toLowerCase();

/** The whole text matches a glob, case sensitive. */
const stringLike: Comparison = (found, wanted) => matchPattern(patternOf(wanted), found);

/**
 * `ArnEquals` and `ArnLike`: each of the six colon-delimited components matches its own glob. Only a wildcard in the last one can
 * match a colon. A text that is not an ARN matches no pattern.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
const arnLike: Comparison = (found, wanted) => {
  const parts = splitArn(found);
  if (parts === undefined) return false;
  if (found === wanted.text) return true;
  const patterns = arnPatternOf(wanted);
  return (
    patterns.length === parts.length && patterns.every((pattern, index) => matchPattern(pattern, parts[index] ?? ''))
  );
};

/** An integer or decimal number without an exponent. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

function numberOf(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}

const W3C = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;
const EPOCH = /^\d{5,}(\.\d+)?$/;

/**
 * Reads a time: a form of ISO 8601 from the W3C note (from the year alone to fractions of a second; an hour requires a zone), or
 * seconds since 1970.
 * @returns milliseconds since 1970; NaN for anything else
 */
export function timeOf(text: string): number {
  if (EPOCH.test(text)) return Number(text) * 1000;
  const match = W3C.exec(text);
  if (match === null) return NaN;
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  // Date.parse turns 2026-02-30 into a day of March, but such a day does not exist.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return NaN;
  return Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`,
  );
}

/** The comparisons of values with an order. `read` returns NaN for a text of another form. */
function ordered(read: (text: string) => number) {
  // Every comparison with NaN is false, equality too.
  const compare =
    (holds: (found: number, wanted: number) => boolean): Comparison =>
    (found, wanted) =>
      holds(read(found), read(wanted.text));
  return {
    equals: compare((found, wanted) => found === wanted),
    lessThan: compare((found, wanted) => found < wanted),
    lessThanEquals: compare((found, wanted) => found <= wanted),
    greaterThan: compare((found, wanted) => found > wanted),
    greaterThanEquals: compare((found, wanted) => found >= wanted),
  };
}

const numeric = ordered(numberOf);
const date = ordered(timeOf);

/** A `*` matches every text. */
const anyIsStar = (wanted: readonly ExpandedValue[]) => wanted.some((one) => matchesEverything(patternOf(one)));

/** The same truth value, not case sensitive. A text other than `true` and `false` matches nothing. */
const bool: Comparison = (found, wanted) => {
  const value = found.toLowerCase();
  return (value === 'true' || value === 'false') && value === wanted.text.toLowerCase();
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The same bytes: policy and request have them in base 64. */
const binaryEquals: Comparison = (found, wanted) =>
  BASE64.test(found) &&
  BASE64.test(wanted.text) &&
  Buffer.from(found, 'base64').equals(Buffer.from(wanted.text, 'base64'));

/** Every address is in one of these two ranges. */
const bothFamilies = (wanted: readonly ExpandedValue[]) =>
  ['0.0.0.0', '::'].every((address) => wanted.some(({ text }) => text.endsWith('/0') && ipAddress(address, { text })));

function row(
  matches: Comparison,
  sign: 'is' | 'is not',
  values: 'variables' | 'plain',
  matchesEvery?: ConditionOperator['matchesEvery'],
): ConditionOperator {
  const operator = { matches, negated: sign === 'is not', variables: values === 'variables' };
  return matchesEvery === undefined ? operator : { ...operator, matchesEvery };
}

/**
 * Every condition operator except `Null`, which compares no values.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: row(stringEquals, 'is', 'variables'),
  StringNotEquals: row(stringEquals, 'is not', 'variables'),
  StringEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is', 'variables'),
  StringNotEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is not', 'variables'),
  StringLike: row(stringLike, 'is', 'variables', anyIsStar),
  StringNotLike: row(stringLike, 'is not', 'variables', anyIsStar),
  ArnEquals: row(arnLike, 'is', 'variables'),
  ArnNotEquals: row(arnLike, 'is not', 'variables'),
  ArnLike: row(arnLike, 'is', 'variables'),
  ArnNotLike: row(arnLike, 'is not', 'variables'),
  Bool: row(bool, 'is', 'variables'),
  NumericEquals: row(numeric.equals, 'is', 'plain'),
  NumericNotEquals: row(numeric.equals, 'is not', 'plain'),
  NumericLessThan: row(numeric.lessThan, 'is', 'plain'),
  NumericLessThanEquals: row(numeric.lessThanEquals, 'is', 'plain'),
  NumericGreaterThan: row(numeric.greaterThan, 'is', 'plain'),
  NumericGreaterThanEquals: row(numeric.greaterThanEquals, 'is', 'plain'),
  DateEquals: row(date.equals, 'is', 'plain'),
  DateNotEquals: row(date.equals, 'is not', 'plain'),
  DateLessThan: row(date.lessThan, 'is', 'plain'),
  DateLessThanEquals: row(date.lessThanEquals, 'is', 'plain'),
  DateGreaterThan: row(date.greaterThan, 'is', 'plain'),
  DateGreaterThanEquals: row(date.greaterThanEquals, 'is', 'plain'),
  IpAddress: row(ipAddress, 'is', 'plain', bothFamilies),
  NotIpAddress: row(ipAddress, 'is not', 'plain', bothFamilies),
  BinaryEquals: row(binaryEquals, 'is', 'plain'),
};

/** The parts of an operator as a policy writes it. */
export interface ParsedOperator {
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  readonly test: ConditionOperator | 'Null';
}

const BY_NAME: ReadonlyMap<string, ConditionOperator | 'Null'> = new Map<string, ConditionOperator | 'Null'>([
  ...Object.entries(OPERATORS).map(([name, operator]) => [name.toLowerCase(), operator] as const),
  ['null', 'Null'],
]);

const WRITTEN = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/;

/**
 * Parses an operator, not case sensitive.
 * @returns undefined for an operator that IAM does not have, such as `NullIfExists`
 */
export const parseOperator = boundedCache(512, (written): ParsedOperator | undefined => {
  const [, set, name = '', suffix] = WRITTEN.exec(written.toLowerCase()) ?? [];
  const test = BY_NAME.get(name);
  const ifExists = suffix !== undefined;
  if (test === undefined || (test === 'Null' && ifExists)) return undefined;
  if (set === undefined) return { ifExists, test };
  return { set: set === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue', ifExists, test };
});
