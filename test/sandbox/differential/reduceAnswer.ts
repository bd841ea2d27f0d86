import { XMLParser } from 'fast-xml-parser';
import type { Service } from '../../../src/sandbox/api/Action';
import type { RawAnswer } from '../contract/rawCall';

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'member' });

/** Members whose values differ at each run. */
const VARYING =
  /(Id|Date|Time|At|Expiration|SecretAccessKey|SessionToken|Marker|nextToken|RequestId|endpoint|data|issuer|createdAt)$/;

function decoded(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text) as unknown;
  } catch {
    return text;
  }
}

function reduce(name: string, value: unknown): unknown {
  if (VARYING.test(name)) return 'varies';
  if (Array.isArray(value)) {
    return value
      .map((item) => reduce('', item))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value === 'object' && value !== null) {
    const { member } = value as { readonly member?: unknown };
    if (Array.isArray(member)) return reduce(name, member);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reduce(key, item)]));
  }
  return typeof value === 'string' && name.endsWith('Document') ? decoded(value) : value;
}

/**
 * What can be compared in an answer: status and code of an error, or the members of a success. Ids, times and secrets are left out, lists are
 * sorted, policy documents are parsed. An answer that is neither XML nor JSON gives its status.
 */
export function reduceAnswer(service: Service, { status, headers, body }: RawAnswer): unknown {
  if (service === 'iam' || service === 'sts') {
    const parsed = PARSER.parse(body) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const root = Object.entries(parsed).find(([name]) => name.endsWith('Response'));
    if (status >= 400) return { status, code: (root?.[1].Error as { Code?: string } | undefined)?.Code };
    const result = Object.entries(root?.[1] ?? {}).find(([name]) => name.endsWith('Result'));
    return { status, result: result === undefined || result[1] === '' ? {} : reduce('', result[1]) };
  }
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { status };
  }
  if (status >= 400) return { status, code: headers['x-amzn-errortype'] ?? (value as { __type?: string }).__type };
  return { status, result: reduce('', value) };
}

/** The paths at which two reduced answers differ, with both values. */
export function differences(ours: unknown, theirs: unknown, path = ''): readonly string[] {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject(ours) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
    return keys.flatMap((key) => differences(ours[key], theirs[key], path === '' ? key : `${path}.${key}`));
  }
  const [one, other] = [ours, theirs].map((value) => (value === undefined ? 'absent' : JSON.stringify(value)));
  return one === other ? [] : [`${path}: ${one?.slice(0, 120)} / ${other?.slice(0, 120)}`];
}
