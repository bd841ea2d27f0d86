import type { ApiAnswer } from '../api/callApi';
import type { HttpAnswer } from './HttpAnswer';

/** Times are seconds since 1970 in JSON. */
function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, jsonValue(child)]));
}

/**
 * An answer in JSON, for REST-JSON and for JSON RPC alike.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html (error serialization)
 */
export function jsonAnswer(answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if (!('fault' in answer)) return { status: 200, headers, body: JSON.stringify(jsonValue(answer.output)) };
  const { code, message, status } = answer.fault;
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) };
}
