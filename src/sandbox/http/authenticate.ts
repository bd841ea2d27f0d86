import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../api/ApiError';
import { type Principal, type Session, sessionPrincipal } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { roleByArn } from '../world/World';
import { partitionOf } from '../world/arns';
import type { HttpRequest } from './httpServer';
import { type Authorization, readAuthorization, signatureOf } from './signatureV4';

/** The secret access key of every account's ambient credentials: it protects only a loopback port. */
export const SANDBOX_SECRET_ACCESS_KEY = 'podlift/sandbox/secret/access/key/0000000';

/** The largest difference between the times of a request and of the sandbox, in milliseconds. */
const SKEW = 5 * 60 * 1000;

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function wrongSignature(message: string): ApiError {
  return new ApiError('SignatureDoesNotMatch', 403, message);
}

function incompleteSignature(message: string): ApiError {
  return new ApiError('IncompleteSignature', 400, message);
}

function invalidToken(): ApiError {
  return new ApiError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
}

function basicTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The time in the headers of a request. Throws when it is missing, invalid or too different from now. */
function requestTime(request: HttpRequest, authorization: Authorization, now: Date): string {
  const text = request.headers['x-amz-date'] ?? '';
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) {
    throw incompleteSignature('Authorization header requires existence of either a X-Amz-Date or a Date header.');
  }
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  if (!text.startsWith(authorization.date)) {
    throw wrongSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${authorization.date}' != '${text.slice(0, 8)}', from '${text}'.`,
    );
  }
  if (!(time >= now.getTime() - SKEW)) {
    const limit = basicTime(new Date(now.getTime() - SKEW));
    throw wrongSignature(`Signature expired: ${text} is now earlier than ${limit} (${basicTime(now)} - 5 min.)`);
  }
  if (time > now.getTime() + SKEW) {
    const limit = basicTime(new Date(now.getTime() + SKEW));
    throw wrongSignature(
      `Signature not yet current: ${text} is still later than ${limit} (${basicTime(now)} + 5 min.)`,
    );
  }
  return text;
}

/** The session of an access key. Throws when it is unknown or expired, its token is missing or its role was deleted. */
function sessionOf(state: SandboxState, request: HttpRequest, accessKeyId: string): Session {
  const session = state.sessions.get(accessKeyId);
  const token = request.headers['x-amz-security-token'];
  if (session === undefined || token !== session.token) throw invalidToken();
  if (state.clock() >= session.expiresAt) {
    throw new ApiError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  if (roleByArn(state.world, session.roleArn)?.id !== session.roleId) throw invalidToken();
  return session;
}

/** The administrator of an account, who uses its ambient credentials. */
function administratorOf(account: string, region: string): Principal {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user/sandbox`;
  return { kind: 'administrator', account, arn, id: `AIDASANDBOX${account.slice(0, 10)}` };
}

/**
 * The principal who signed a request. An access key of twelve digits is that of an account's administrator, every other key that of a
 * session. Throws AWS's error for a missing signature, an unknown key, a wrong time or a wrong signature.
 */
export function authenticate(state: SandboxState, request: HttpRequest): Principal {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new ApiError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  const authorization = readAuthorization(header);
  if (authorization === undefined) {
    throw incompleteSignature(
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256.",
    );
  }
  if (!authorization.signedHeaders.includes('host'))
    throw wrongSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  const timestamp = requestTime(request, authorization, state.clock());
  const { accessKeyId, region } = authorization;
  const session = /^\d{12}$/.test(accessKeyId) ? undefined : sessionOf(state, request, accessKeyId);
  const expected = signatureOf(
    request,
    authorization,
    session?.secretAccessKey ?? SANDBOX_SECRET_ACCESS_KEY,
    timestamp,
  );
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    throw wrongSignature(MISMATCH);
  }
  return session === undefined ? administratorOf(accessKeyId, region) : sessionPrincipal(session);
}
