import { type ApiError, validationError } from '../api/ApiError';
import type { Input } from '../api/Input';
import type { ApiAnswer } from '../api/callApi';
import type { HttpAnswer } from './httpServer';
import { LIMITS } from './limits';

type Tree = Map<string, Tree | string>;

function put(tree: Tree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    tree.set(head, value);
    return;
  }
  const child = tree.get(head);
  const branch: Tree = child instanceof Map ? child : new Map<string, Tree | string>();
  tree.set(head, branch);
  put(branch, rest, value);
}

function valueOf(node: Tree | string): unknown {
  if (typeof node === 'string') return node;
  const member = node.get('member');
  if (member instanceof Map && node.size === 1) {
    const indexed = [...member].map(([index, child]) => [Number(index), child] as const);
    if (indexed.some(([index]) => !Number.isInteger(index) || index < 1)) {
      throw validationError('MalformedQueryString: list members are numbered from 1');
    }
    return indexed.sort(([one], [other]) => one - other).map(([, child]) => valueOf(child));
  }
  return Object.fromEntries([...node].map(([key, child]) => [key, valueOf(child)]));
}

/** The parameters of a form as they were sent. Throws a validation error when there are too many. */
export function readForm(body: Buffer): URLSearchParams {
  const text = body.toString();
  let parameters = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) parameters += 1;
  if (parameters > LIMITS.parameters) {
    throw validationError(`MalformedQueryString: a form has at most ${LIMITS.parameters} parameters`);
  }
  return new URLSearchParams(text);
}

/**
 * The parameters of a Query protocol form, without `Action` and `Version`: `Tags.member.1.Key=team` becomes
 * `{ Tags: [{ Key: 'team' }] }`. Values stay text. Throws a validation error for an invalid list and for a name with too many parts.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readQueryInput(form: URLSearchParams): Input {
  const tree: Tree = new Map<string, Tree | string>();
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue;
    const path = key.split('.', LIMITS.nameParts + 1);
    if (path.length > LIMITS.nameParts) {
      throw validationError(`MalformedQueryString: a name has at most ${LIMITS.nameParts} parts`);
    }
    put(tree, path, value);
  }
  return valueOf(tree) as Input;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Characters that XML 1.0 cannot contain, not even escaped: control characters (but tab and line ends) and single surrogates. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\r]/g, (char) => ESCAPES[char] ?? char);
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (Array.isArray(value)) return value.map((item) => writeElement('member', item)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, child]) => writeElement(name, child))
      .join('');
  }
  return escapeXml(String(value));
}

/**
 * A value as an XML element of the Query protocol: lists have `member` elements, times are ISO 8601 without fractions, and undefined gives
 * no element.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (response serialization)
 */
export function writeElement(name: string, value: unknown, namespace?: string): string {
  if (value === undefined) return '';
  const attribute = namespace === undefined ? '' : ` xmlns="${escapeXml(namespace)}"`;
  return `<${name}${attribute}>${content(value)}</${name}>`;
}

/** By service. A map: the service is a text of the request. */
const NAMESPACES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
    sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  }),
);

function errorBody(service: string, { status, code, message }: ApiError, RequestId: string): string {
  const error = { Code: code, Message: message };
  // The sandbox does not have these services, but their clients can read its error.
  if (service === 's3') return writeElement('Error', { ...error, RequestId });
  if (service === 'ec2') return writeElement('Response', { Errors: { Error: error }, RequestID: RequestId });
  const Type = status < 500 ? 'Sender' : 'Receiver';
  return writeElement('ErrorResponse', { Error: { Type, ...error }, RequestId }, NAMESPACES.get(service));
}

/** The version in a request names its service. */
const VERSIONS: Readonly<Record<string, string>> = { '2010-05-08': 'iam', '2011-06-15': 'sts' };

/** The service of a form without a signature. Undefined for a version that the sandbox does not know. */
export function serviceOfVersion(version: string | null): string | undefined {
  return version !== null && Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined;
}

/**
 * Actions whose answer has an empty result. The answers of all other actions without output have no result.
 * Source: the shape UpdateRoleResponse of IAM's API model; the sample answers of DeleteRole, TagRole, … in
 * https://docs.aws.amazon.com/IAM/latest/APIReference/
 */
const EMPTY_RESULTS = new Set(['UpdateRole']);

/**
 * An answer in the Query protocol's XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (response and error serialization)
 */
export function queryAnswer(service: string, action: string, answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  if ('error' in answer) {
    return { status: answer.error.status, headers, body: errorBody(service, answer.error, requestId) };
  }
  const hasResult = Object.keys(answer.output).length > 0 || EMPTY_RESULTS.has(action);
  const result = hasResult ? { [`${action}Result`]: answer.output } : {};
  const content = { ...result, ResponseMetadata: { RequestId: requestId } };
  return { status: 200, headers, body: writeElement(`${action}Response`, content, NAMESPACES.get(service)) };
}
