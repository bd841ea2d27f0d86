import { splitArn } from '../Arn';
import { boundedCache } from '../boundedCache';
import { arnPatternOf, type ExpandedValue, isPlain, patternOf } from '../expandVariables';
import { compilePattern, globCovers, matchPattern, patternsMeet } from '../matchPattern';
import type { ValueSet } from '../Request';
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
  /** Whether every value of a set (true) or none (false) matches one of the wanted values. Absent: open for every set. */
  readonly among?: Among;
}

/** Whether a condition is true; `open`: it depends on what is not known of the request. */
export type Truth = boolean | 'open';

type Among = (set: ValueSet, wanted: readonly ExpandedValue[]) => Truth;

/** Whether something is true of one of the values at least. */
export function ofSome<Value>(values: readonly Value[], truth: (value: Value) => Truth): Truth {
  let result: Truth = false;
  for (const value of values) {
    const one = truth(value);
    if (one === true) return true;
    if (one === 'open') result = one;
  }
  return result;
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

/** Whether a set has a text. */
function has({ like, except, exceptTexts = [], lowerCase }: ValueSet, text: string): boolean {
  if (exceptTexts.includes(text) || (lowerCase === true && /[A-Z*?]/.test(text))) return false;
  return matchPattern(compilePattern(like), text) && !except.some((glob) => matchPattern(compilePattern(glob), text));
}

const textAmong: Among = (set, wanted) =>
  ofSome(wanted, ({ text }) => has(set, text) && (compilePattern(set.like).exact === text || 'open'));

const caselessAmong: Among = (set, wanted) => {
  if (set.lowerCase === true)
    return textAmong(
      set,
      wanted.map(({ text, pieces }) => ({ text: text.toLowerCase(), pieces })),
    );
  const like = compilePattern(set.like.toLowerCase());
  return ofSome(wanted, ({ text }) => matchPattern(like, text.toLowerCase()) && 'open');
};

const globAmong: Among = (set, wanted) =>
  ofSome(wanted, (one) => {
    const pattern = patternOf(one);
    if (pattern.exact !== undefined) return textAmong(set, [{ ...one, text: pattern.exact }]);
    // A replaced variable can have a `*` that is no wildcard, which a text cannot show.
    if (!isPlain(one)) return 'open';
    if (!patternsMeet(pattern, compilePattern(set.like))) return false;
    if (set.except.some((glob) => globCovers(glob, one.text))) return false;
    return globCovers(one.text, set.like) || 'open';
  });

/** Every text that an ARN pattern matches part by part, it also matches as a whole, but not the other way round. */
const arnAmong: Among = (set, wanted) =>
  ofSome(wanted, (one) => {
    const truth = globAmong(set, [one]);
    if (truth !== true) return truth;
    const [wide, narrow] = [splitArn(one.text), splitArn(set.like)];
    return (
      (wide !== undefined && narrow?.every((part, index) => globCovers(wide[index] ?? '', part)) === true) || 'open'
    );
  });

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

function row(
  matches: Comparison,
  sign: 'is' | 'is not',
  values: 'variables' | 'plain',
  among?: Among,
): ConditionOperator {
  const operator = { matches, negated: sign === 'is not', variables: values === 'variables' };
  return among === undefined ? operator : { ...operator, among };
}

/**
 * Every condition operator except `Null`, which compares no values.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: row(stringEquals, 'is', 'variables', textAmong),
  StringNotEquals: row(stringEquals, 'is not', 'variables', textAmong),
  StringEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is', 'variables', caselessAmong),
  StringNotEqualsIgnoreCase: row(stringEqualsIgnoreCase, 'is not', 'variables', caselessAmong),
  StringLike: row(stringLike, 'is', 'variables', globAmong),
  StringNotLike: row(stringLike, 'is not', 'variables', globAmong),
  ArnEquals: row(arnLike, 'is', 'variables', arnAmong),
  ArnNotEquals: row(arnLike, 'is not', 'variables', arnAmong),
  ArnLike: row(arnLike, 'is', 'variables', arnAmong),
  ArnNotLike: row(arnLike, 'is not', 'variables', arnAmong),
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
  IpAddress: row(ipAddress, 'is', 'plain'),
  NotIpAddress: row(ipAddress, 'is not', 'plain'),
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
