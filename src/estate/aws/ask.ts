import { AsyncLocalStorage } from 'node:async_hooks';
import { noCredentialsFix } from '../noCredentials';
import type { Answer, Unanswered } from './AwsPort';

/** What is known of the responses to one question. */
interface Heard {
  /** The `Date` of the last response, ISO 8601. */
  at?: string;
}

const hearing = new AsyncLocalStorage<Heard>();

/**
 * Asks AWS and gives an answer in any case: what `question` resolves to, or the reason why there is none; with AWS's time where AWS
 * responded. The signal ends the calls that are under way after `milliseconds`, or when `until` is aborted, retries included. The signal does not reach the call by
 * which the SDK assumes a role first (`clientConfig` ends that one with `until`): `ask` itself also stops waiting then.
 */
export async function ask<T>(
  milliseconds: number,
  question: (abortSignal: AbortSignal) => Promise<T>,
  until?: AbortSignal,
): Promise<Answer<T>> {
  const heard: Heard = {};
  const controller = new AbortController();
  const { signal } = controller;
  let stop = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    stop = () => {
      controller.abort();
      reject(new Error('late'));
    };
  });
  const timer = setTimeout(stop, milliseconds);
  if (until?.aborted === true) stop();
  until?.addEventListener('abort', stop);
  try {
    const value = await Promise.race([hearing.run(heard, () => question(signal)), late]);
    return { ok: true, value, ...heard };
  } catch (error) {
    if (signal.aborted)
      return { ok: false, why: 'timeout', message: `no answer within ${milliseconds / 1000} s`, ...heard };
    return { ...failureOf(error), ...heard };
  } finally {
    clearTimeout(timer);
    until?.removeEventListener('abort', stop);
  }
}

/** Where `heardBy` stands: it sees each response, of each attempt, before the SDK reads it. */
export const EACH_RESPONSE = { step: 'deserialize', priority: 'low', name: 'podliftHeard' } as const;

/**
 * A middleware of the SDK that notes AWS's time for the question that is being asked.
 *
 * @param onCall called before each attempt
 */
export function heardBy<I, O extends { readonly response: unknown }>(
  next: (call: I) => Promise<O>,
  onCall: () => void = () => undefined,
): (call: I) => Promise<O> {
  return async (call) => {
    onCall();
    const result = await next(call);
    const { headers = {} } = result.response as { readonly headers?: Readonly<Record<string, string>> };
    const time = Date.parse(headers.date ?? '');
    const heard = hearing.getStore();
    if (heard !== undefined && !Number.isNaN(time)) heard.at = new Date(time).toISOString();
    return result;
  };
}

/** What a question gives; `undefined` where AWS answers with one of these errors: nothing has that name. */
export async function unlessMissing<T>(names: readonly string[], question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}

/** The items of all pages of a list. */
export async function allOf<P, T>(
  pages: AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** How many things are described at the same time. */
const AT_ONCE = 10;

/**
 * Asks for each thing of a list, at most ten at a time, and gives the answers in the order of the list. A thing that is gone meanwhile
 * (`undefined`) is left out. The first question that fails fails all.
 */
export async function askEach<T, V>(
  things: readonly T[],
  question: (thing: T) => Promise<V | undefined>,
): Promise<V[]> {
  const answers: (V | undefined)[] = [];
  const queue = things.entries();
  const work = async (): Promise<void> => {
    for (const [index, thing] of queue) answers[index] = await question(thing);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, work));
  return answers.filter((answer) => answer !== undefined);
}

/** What is known of an error of the SDK. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** Error names by their cause. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html and the APIs' error pages. */
const NAMES: readonly (readonly [Unanswered, RegExp])[] = [
  ['throttled', /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException|BandwidthLimitExceeded/],
  ['timeout', /^(TimeoutError|AbortError|RequestTimeout|RequestTimeoutException)$/],
  [
    'denied',
    /AccessDenied|Unauthorized|NotAuthorized|^Expired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|CredentialsProviderError|TokenProviderError|MissingAuthenticationToken|InvalidSignature/,
  ],
];

/** Error codes of Node by their cause. Source: https://nodejs.org/api/errors.html#common-system-errors */
const CODES: Readonly<Record<string, Unanswered>> = {
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EPIPE: 'unreachable',
};

/** What the SDK throws when no source of credentials has any. Source: @aws-sdk/credential-provider-node src/defaultProvider.ts */
const NO_CREDENTIALS = 'Could not load credentials from any providers';

/** The reason why AWS gave no answer, from what the SDK threw after its own retries. */
function failureOf(error: unknown): Answer<never> {
  const {
    name = '',
    message = '',
    code = '',
    $metadata = {},
    $retryable,
  }: SdkError = isObject(error) ? error : { message: String(error) };
  const status = $metadata.httpStatusCode;
  // Errors of Node that the SDK or a credential provider has wrapped keep their code in the text alone.
  const network = CODES[code] ?? CODES[/\bE[A-Z_]{4,}\b/.exec(message)?.[0] ?? ''];
  const named = NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  const byStatus = status === 429 ? 'throttled' : status === 403 || status === 401 ? 'denied' : undefined;
  const why = $retryable?.throttling === true ? 'throttled' : (named ?? network ?? byStatus ?? 'failed');
  const attempts = ($metadata.attempts ?? 1) > 1 ? ` (${$metadata.attempts ?? 1} attempts)` : '';
  const text = message.startsWith(NO_CREDENTIALS)
    ? 'no AWS credentials'
    : [name === 'Error' ? '' : name, message.trim().replace(/\s+/g, ' ')].filter((part) => part !== '').join(': ');
  const said = `${text === '' ? code || 'unknown error' : text}${attempts}`;
  const fix = why === 'denied' ? noCredentialsFix(`${name}: ${message}`) : undefined;
  return { ok: false, why, message: said, ...(fix && { fix, noCredentials: true as const }) };
}

function isObject(value: unknown): value is SdkError {
  return typeof value === 'object' && value !== null;
}
