import { timingSafeEqual } from 'node:crypto';
import { Fault } from '../api/ApiError';
import type { Principal, Session } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { roleByArn } from '../world/World';
import { partitionOf } from '../world/arns';
import type { HttpRequest } from './httpServer';
import { type Authorization, readAuthorization, signatureOf } from './signatureV4';

/** The secret access key of every account's ambient credentials: it guards nothing but a loopback port. */
export const SANDBOX_SECRET_ACCESS_KEY = 'podlift/sandbox/secret/access/key/0000000';

/** A request may be this much younger or older than the sandbox, in milliseconds. */
const SKEW = 5 * 60 * 1000;

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function invalidToken(): Fault {
  return new Fault('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
}

function basicTime(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The time of a request as its headers state it. Throws when it is missing, unreadable or too far from now. */
function requestTime(request: HttpRequest, authorization: Authorization, now: Date): string {
  const text = request.headers['x-amz-date'] ?? '';
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) {
    throw new Fault(
      'IncompleteSignature',
      400,
      'Authorization header requires existence of either a X-Amz-Date or a Date header.',
    );
  }
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  if (!text.startsWith(authorization.date)) {
    throw new Fault(
      'SignatureDoesNotMatch',
      403,
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${authorization.date}' != '${text.slice(0, 8)}', from '${text}'.`,
    );
  }
  if (!(time >= now.getTime() - SKEW)) {
    const limit = basicTime(new Date(now.getTime() - SKEW));
    throw new Fault(
      'SignatureDoesNotMatch',
      403,
      `Signature expired: ${text} is now earlier than ${limit} (${basicTime(now)} - 5 min.)`,
    );
  }
  if (time > now.getTime() + SKEW) {
    const limit = basicTime(new Date(now.getTime() + SKEW));
    throw new Fault(
      'SignatureDoesNotMatch',
      403,
      `Signature not yet current: ${text} is still later than ${limit} (${basicTime(now)} + 5 min.)`,
    );
  }
  return text;
}

/** The session of an access key. Throws when it is unknown, expired, without its token, or its role is gone. */
function sessionOf(state: SandboxState, request: HttpRequest, accessKeyId: string): Session {
  const session = state.sessions.get(accessKeyId);
  const token = request.headers['x-amz-security-token'];
  if (session === undefined || token !== session.token) throw invalidToken();
  if (state.clock() >= session.expiresAt) {
    throw new Fault('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  if (roleByArn(state.world, session.roleArn)?.id !== session.roleId) throw invalidToken();
  return session;
}

/** The administrator of an account, whom its ambient credentials stand for. */
function administratorOf(account: string, region: string): Principal {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user/sandbox`;
  return { kind: 'administrator', account, arn, id: `AIDASANDBOX${account.slice(0, 10)}` };
}

/**
 * Who signed a request. An access key of twelve digits is the administrator of that account, every other one a session.
 * Throws the fault that AWS answers with: no signature, unknown key, wrong time, wrong signature.
 */
export function authenticate(state: SandboxState, request: HttpRequest): Principal {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new Fault('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  const authorization = readAuthorization(header);
  if (authorization === undefined) {
    throw new Fault(
      'IncompleteSignature',
      400,
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256.",
    );
  }
  if (!authorization.signedHeaders.includes('host'))
    throw new Fault('SignatureDoesNotMatch', 403, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
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
    throw new Fault('SignatureDoesNotMatch', 403, MISMATCH);
  }
  if (session === undefined) return administratorOf(accessKeyId, region);
  return {
    kind: 'session',
    account: session.account,
    arn: session.arn,
    id: `${session.roleId}:${session.name}`,
    session,
  };
}
