import type { Comparison } from './ConditionOperator';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The same bytes; policy and request both carry them in base 64. */
export const binaryEquals: Comparison = (found, wanted) =>
  BASE64.test(found) &&
  BASE64.test(wanted.text) &&
  Buffer.from(found, 'base64').equals(Buffer.from(wanted.text, 'base64'));
