import type { Call, Output } from '../api/Action';
import { ApiError, notImplemented } from '../api/ApiError';
import { type Input, optionalNumber } from '../api/Input';
import type { UserSession } from '../api/Principal';
import { newSecret, newUniqueId } from '../world/newEntities';

const HOUR = 3600;

/**
 * sts:GetSessionToken: temporary credentials of the administrator, without MFA. Throws `AccessDenied` for callers who have temporary credentials
 * already. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html; the text of the denial is quoted in public
 */
export function handleGetSessionToken(input: Input, { state, principal, account, time }: Call): Output {
  const duration = optionalNumber(input, 'DurationSeconds', 900, 36 * HOUR) ?? 12 * HOUR;
  const unsupported = ['SerialNumber', 'TokenCode'].find((key) => input[key] !== undefined);
  if (unsupported !== undefined) throw notImplemented(`the parameter ${unsupported} of sts:GetSessionToken`);
  if (principal.kind !== 'administrator' || principal.session !== undefined) {
    const denied = { action: 'sts:GetSessionToken', resource: '*' };
    throw new ApiError('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials', denied);
  }
  const session: UserSession = {
    accessKeyId: newUniqueId('ASIA'),
    secretAccessKey: newSecret(40),
    token: newSecret(200),
    account,
    issuedAt: time,
    expiresAt: new Date(time.getTime() + duration * 1000),
  };
  state.userSessions.set(session.accessKeyId, session);
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.token,
      Expiration: session.expiresAt,
    },
  };
}

/**
 * Refuses what credentials of GetSessionToken cannot do without MFA: "You cannot call any IAM API operations unless MFA authentication information is
 * included in the request." The page names no error; people report `InvalidClientTokenId`.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export function refuseUserSession(service: string, { principal }: Pick<Call, 'principal'>): void {
  if (service !== 'iam' || principal.kind !== 'administrator' || principal.session === undefined) return;
  throw new ApiError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');
}
