import type { Comparison } from './ConditionOperator';

/** An integer or decimal number; no exponent. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

function numberOf(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}

function compare(holds: (found: number, wanted: number) => boolean): Comparison {
  // Every comparison with NaN is false, equality too.
  return (found, wanted) => holds(numberOf(found), numberOf(wanted.text));
}

/** The same number. */
export const numericEquals = compare((found, wanted) => found === wanted);
/** A smaller number. */
export const numericLessThan = compare((found, wanted) => found < wanted);
/** A smaller number, or the same. */
export const numericLessThanEquals = compare((found, wanted) => found <= wanted);
/** A greater number. */
export const numericGreaterThan = compare((found, wanted) => found > wanted);
/** A greater number, or the same. */
export const numericGreaterThanEquals = compare((found, wanted) => found >= wanted);
