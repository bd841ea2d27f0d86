import type { Answer, Unanswered } from './AwsPort';

/** What is known of an error of the SDK. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** Error names by what they mean. Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html and the APIs' error pages. */
const NAMES: readonly (readonly [Unanswered, RegExp])[] = [
  ['throttled', /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException|BandwidthLimitExceeded/],
  ['timeout', /^(TimeoutError|AbortError|RequestTimeout|RequestTimeoutException)$/],
  [
    'denied',
    /AccessDenied|Unauthorized|NotAuthorized|^Expired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|CredentialsProviderError|TokenProviderError|MissingAuthenticationToken|InvalidSignature/,
  ],
];

/** Error codes of Node by what they mean. Source: https://nodejs.org/api/errors.html#common-system-errors */
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

/** Why AWS gave no answer, from what the SDK threw after its own retries. */
export function answerOf(error: unknown): Answer<never> {
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
  const text = [name === 'Error' ? '' : name, message.trim().replace(/\s+/g, ' ')]
    .filter((part) => part !== '')
    .join(': ');
  return { ok: false, why, message: `${text === '' ? code || 'unknown error' : text}${attempts}` };
}

function isObject(value: unknown): value is SdkError {
  return typeof value === 'object' && value !== null;
}
