/**
 * The limits of requests. They are far above what kubectl, Terraform, the AWS CLI and the SDKs send to the sandbox, and low enough that one
 * request cannot exhaust the stack or the memory, or keep the process busy for minutes.
 */
export const LIMITS = {
  /** Bytes of a body. EKS and IAM do not document theirs; kube-apiserver's is 3 MiB. */
  bodyBytes: 1024 * 1024,
  /** Bytes of the request line and all headers together. Node's default; a session token has about one kilobyte. */
  headerBytes: 16 * 1024,
  headers: 100,
  /** Characters of the query in the URL. */
  queryLength: 8 * 1024,
  /** Parameters in the query and in a form. The longest form of the SDKs has 50 tags, which are 100 parameters. */
  parameters: 1000,
  /** The parts of a form's name: `Tags.member.1.Key` has four. */
  nameParts: 10,
  /** Objects and lists inside each other. The deepest kind of the sandbox, managed fields of a CronJob, has about 30. */
  depth: 100,
  /** The values of a JSON or YAML body, those inside others included. */
  values: 20_000,
  /** Characters of a body in YAML that is not JSON. */
  yamlLength: 32 * 1024,
  /** How long a client may take to send its headers, and the whole request, in milliseconds. */
  headersMs: 10_000,
  requestMs: 30_000,
} as const;

/** A limit that a request breaks: the HTTP status, and a sentence. */
export interface BrokenLimit {
  readonly status: 413 | 414 | 431;
  readonly message: string;
}

/**
 * The limit that the head of a request breaks; undefined when there is none. `headers` is their number, `query` the text after the question mark,
 * and `bodyBytes` what the client announces.
 * Source of the statuses: RFC 9110 (413, 414) and RFC 6585 (431)
 */
export function brokenLimit(headers: number, query: string, bodyBytes: number): BrokenLimit | undefined {
  if (headers > LIMITS.headers) return { status: 431, message: `a request has at most ${LIMITS.headers} headers` };
  if (query.length > LIMITS.queryLength) {
    return { status: 414, message: `a query has at most ${LIMITS.queryLength} characters` };
  }
  if (query.split('&').length > LIMITS.parameters) {
    return { status: 414, message: `a query has at most ${LIMITS.parameters} parameters` };
  }
  if (bodyBytes > LIMITS.bodyBytes) return { status: 413, message: `limit is ${LIMITS.bodyBytes}` };
  return undefined;
}

/**
 * What is wrong with the size of a parsed JSON or YAML value: too many values, or too many inside each other. Undefined when nothing is wrong.
 * It uses no recursion, so that every depth is safe.
 */
export function oversized(value: unknown): string | undefined {
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    count += 1;
    if (count > LIMITS.values) return `it has more than ${LIMITS.values} values`;
    const { value: parent, depth } = next;
    if (typeof parent !== 'object' || parent === null) continue;
    if (depth === LIMITS.depth) return `it has more than ${LIMITS.depth} objects and lists inside each other`;
    const children: readonly unknown[] = Array.isArray(parent) ? parent : Object.values(parent);
    // A list of a million items is not copied before its length is checked.
    if (count + waiting.length + children.length > LIMITS.values) return `it has more than ${LIMITS.values} values`;
    for (const child of children) waiting.push({ value: child, depth: depth + 1 });
  }
  return undefined;
}
