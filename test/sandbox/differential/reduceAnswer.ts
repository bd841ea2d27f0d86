import { XMLParser } from 'fast-xml-parser';
import { createHash } from 'node:crypto';
import type { Service } from '../../../src/sandbox/api/Service';
import type { RawAnswer } from '../contract/rawCall';

const PARSER = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'member' });

/** Members whose values differ at each run. */
const VARYING =
  /((?<!Version)Id|Date|Time|At|Expiration|SecretAccessKey|SessionToken|Marker|nextToken|RequestId|endpoint|data|issuer)$/;

/** The random parts of names and ARNs. */
const RANDOM = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=\bsg-)[0-9a-z]{17}/g;

/** An answer that can be compared. */
export interface Reduced {
  readonly status: number;
  /** The code of an error, if there is one. */
  readonly code?: string | undefined;
  /** The members of a success. */
  readonly result?: unknown;
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('%7B') ? decodeURIComponent(text) : text) as unknown;
  } catch {
    return text;
  }
}

function reduce(name: string, value: unknown): unknown {
  if (VARYING.test(name)) return 'varies';
  if (Array.isArray(value)) return value.map((item) => reduce('', item));
  if (typeof value === 'object' && value !== null) {
    const { member } = value as { readonly member?: unknown };
    if (Array.isArray(member)) return reduce(name, member);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reduce(key, item)]));
  }
  if (typeof value !== 'string') return value;
  return name.endsWith('Document') ? decoded(value) : value.replace(RANDOM, 'RANDOM');
}

/** Which items come first is not documented. Of a page that is not the last, only the number of items counts. */
function countItems(result: unknown): unknown {
  if (!isObject(result) || result.IsTruncated !== 'true') return result;
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [name, Array.isArray(value) ? `${value.length} items` : value]),
  );
}

/**
 * What can be compared in an answer: status and code of an error, or the members of a success. Ids, times and secrets are left out, policy
 * documents are parsed. An answer that is neither XML nor JSON gives its status.
 */
export function reduceAnswer(service: Service, { status, headers, body }: RawAnswer): Reduced {
  if (service === 'iam' || service === 'sts') {
    const parsed = PARSER.parse(body) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const root = Object.entries(parsed).find(([name]) => name.endsWith('Response'));
    if (status >= 400) return { status, code: (root?.[1].Error as { Code?: string } | undefined)?.Code };
    const result = Object.entries(root?.[1] ?? {}).find(([name]) => name.endsWith('Result'));
    return { status, result: result === undefined || result[1] === '' ? {} : countItems(reduce('', result[1])) };
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

const MOST = 100;

/** A value as text. A long one is its beginning and a hash of the whole. */
function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  if (text.length <= MOST) return text;
  return `${text.slice(0, MOST)}… ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members by which items of lists are the same item. */
const NAMES = ['Key', 'Arn', 'RoleName', 'PolicyArn', 'PolicyName', 'VersionId'];

/** The items of a list by their names: a name, or the item itself. An item that is there twice gets a number. */
function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const key = NAMES.find((name) => isObject(item) && item[name] !== undefined);
    const name = key === undefined ? shown(item) : String((item as Record<string, unknown>)[key]);
    let number = 1;
    while (items.has(number === 1 ? name : `${name} (${number})`)) number += 1;
    items.set(number === 1 ? name : `${name} (${number})`, item);
  }
  return items;
}

function pathsThatDiffer(ours: unknown, theirs: unknown, path: string): readonly string[] {
  if (isObject(ours) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
    return keys.flatMap((key) => pathsThatDiffer(ours[key], theirs[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const [one, other] = [byName(ours), byName(theirs)];
    const names = [...new Set([...one.keys(), ...other.keys()])].sort();
    return names.flatMap((name) => pathsThatDiffer(one.get(name), other.get(name), `${path}[${name}]`));
  }
  return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [`${path}: ${shown(ours)} / ${shown(theirs)}`];
}

function outcome({ status, code }: Reduced): string {
  return code === undefined ? String(status) : `${status} ${code}`;
}

/**
 * What differs in two answers, the first one's side first: `400 ValidationError / 200`, or the paths of the members with both values:
 * `Role.Description: "d" / absent`. The order of lists does not count.
 */
export function differences(ours: Reduced, theirs: Reduced): readonly string[] {
  if (outcome(ours) !== outcome(theirs)) return [`${outcome(ours)} / ${outcome(theirs)}`];
  return pathsThatDiffer(ours.result, theirs.result, '');
}
