import { timingSafeEqual } from 'node:crypto';
import { ApiError } from '../api/ApiError';
import { type Principal, sessionPrincipal, type UserSession } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { roleByArn } from '../world/World';
import { partitionOf } from '../world/arns';
import type { HttpRequest } from './httpServer';
import { type Authorization, isPresigned, readAuthorization, signatureOf, SIGNING_PARAMETERS } from './signatureV4';

/** The secret access key of every account's ambient credentials: it protects only a loopback port. */
export const SANDBOX_SECRET_ACCESS_KEY = 'podlift/sandbox/secret/access/key/0000000';

/** The largest difference between the times of a request and of the sandbox, in minutes. */
const SKEW = 5;

/**
 * How long a presigned URL of STS is valid, in minutes. STS ignores `X-Amz-Expires`.
 * Source: kubernetes-sigs/aws-iam-authenticator `pkg/token/token.go` (presignedURLExpiration and requestPresignParam)
 */
const PRESIGNED = 15;

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

/** Checks the signed time. Throws when it is missing, invalid or too different from now. */
function checkTime({ timestamp: text, date, inQuery }: Authorization, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) {
    throw incompleteSignature('Authorization header requires existence of either a X-Amz-Date or a Date header.');
  }
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`);
  if (!text.startsWith(date)) {
    throw wrongSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${text.slice(0, 8)}', from '${text}'.`,
    );
  }
  const valid = inQuery ? PRESIGNED : SKEW;
  const earliest = new Date(now.getTime() - valid * 60_000);
  if (!(time >= earliest.getTime())) {
    const [limit, current] = [basicTime(earliest), basicTime(now)];
    throw wrongSignature(`Signature expired: ${text} is now earlier than ${limit} (${current} - ${valid} min.)`);
  }
  const latest = new Date(now.getTime() + SKEW * 60_000);
  if (time > latest.getTime()) {
    const [limit, current] = [basicTime(latest), basicTime(now)];
    throw wrongSignature(`Signature not yet current: ${text} is still later than ${limit} (${current} + ${SKEW} min.)`);
  }
}

/** Reads the signature. Throws AWS's error when it is missing or not complete. The text for a query is one that other programs quote. */
function requireAuthorization(request: HttpRequest): Authorization {
  const presigned = isPresigned(request);
  if (request.headers.authorization === undefined && !presigned)
    throw new ApiError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  const missing = presigned ? SIGNING_PARAMETERS.find((name) => !request.query.has(name)) : undefined;
  if (missing !== undefined) {
    throw incompleteSignature(
      `AWS query-string parameters must include '${missing}'. Re-examine the query-string parameters.`,
    );
  }
  const authorization = readAuthorization(request);
  if (authorization !== undefined) return authorization;
  throw incompleteSignature(
    "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256.",
  );
}

/** The caller of an access key, and the secret of the key. */
interface Signer {
  readonly secret: string;
  readonly principal: Principal;
}

/**
 * The signer of a request. An access key of twelve digits is that of an account's administrator, every other key that of a session. Throws when a
 * session is unknown or expired, its token is missing or its role was deleted.
 */
function signerOf(state: SandboxState, { accessKeyId, region, token }: Authorization): Signer {
  if (/^\d{12}$/.test(accessKeyId))
    return { secret: SANDBOX_SECRET_ACCESS_KEY, principal: administratorOf(accessKeyId, region) };
  const ofRole = state.sessions.get(accessKeyId);
  const session = ofRole ?? state.userSessions.get(accessKeyId);
  if (session === undefined || token !== session.token) throw invalidToken();
  if (state.clock() >= session.expiresAt) {
    throw new ApiError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
  const secret = session.secretAccessKey;
  if (ofRole === undefined) return { secret, principal: administratorOf(session.account, region, session) };
  if (roleByArn(state.world, ofRole.roleArn)?.id !== ofRole.roleId) throw invalidToken();
  return { secret, principal: sessionPrincipal(ofRole) };
}

/** The administrator of an account, who uses its ambient credentials or temporary ones. */
function administratorOf(account: string, region: string, session?: UserSession): Principal {
  const arn = `arn:${partitionOf(region)}:iam::${account}:user/sandbox`;
  const administrator = { kind: 'administrator', account, arn, id: `AIDASANDBOX${account.slice(0, 10)}` } as const;
  return session === undefined ? administrator : { ...administrator, session };
}

/** The principal who signed a request. Throws AWS's error for a missing signature, an unknown key, a wrong time or a wrong signature. */
export function authenticate(state: SandboxState, request: HttpRequest): Principal {
  const authorization = requireAuthorization(request);
  if (!authorization.signedHeaders.includes('host'))
    throw wrongSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  checkTime(authorization, state.clock());
  const { secret, principal } = signerOf(state, authorization);
  const expected = signatureOf(request, authorization, secret);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    throw wrongSignature(MISMATCH);
  }
  return principal;
}
