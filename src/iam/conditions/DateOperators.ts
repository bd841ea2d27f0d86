import type { Comparison } from './ConditionOperator';

const W3C = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;
const EPOCH = /^\d{5,}(\.\d+)?$/;

/**
 * Reads a time: a form of ISO 8601 as the W3C note names them (from the year alone to fractions of a second, with a
 * zone as soon as there is an hour), or seconds since 1970.
 * @returns milliseconds since 1970; NaN for anything else
 */
export function timeOf(text: string): number {
  if (EPOCH.test(text)) return Number(text) * 1000;
  const match = W3C.exec(text);
  if (match === null) return NaN;
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  // Date.parse rolls 2026-02-30 over into March; such a day does not exist.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return NaN;
  return Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`,
  );
}

function compare(holds: (found: number, wanted: number) => boolean): Comparison {
  // Every comparison with NaN is false, equality too.
  return (found, wanted) => holds(timeOf(found), timeOf(wanted.text));
}

/** The same moment. */
export const dateEquals = compare((found, wanted) => found === wanted);
/** An earlier moment. */
export const dateLessThan = compare((found, wanted) => found < wanted);
/** An earlier moment, or the same. */
export const dateLessThanEquals = compare((found, wanted) => found <= wanted);
/** A later moment. */
export const dateGreaterThan = compare((found, wanted) => found > wanted);
/** A later moment, or the same. */
export const dateGreaterThanEquals = compare((found, wanted) => found >= wanted);
