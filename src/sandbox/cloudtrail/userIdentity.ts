import { parseArn } from '../../iam/Arn';
import type { Principal } from '../api/Principal';

/** Who made a call, as CloudTrail writes it, and as LookupEvents looks it up. */
export interface TrailIdentity {
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly username?: string;
  readonly accessKeyId?: string;
  /** The service that made the call itself. */
  readonly invokedBy?: string;
}

/** AWS's own services have neither name nor key. */
export function serviceIdentity(service: string): TrailIdentity {
  return { userIdentity: { type: 'AWSService', invokedBy: service }, invokedBy: service };
}

/** Whoever came with a token of an OIDC provider; `subject` is the service account's, `system:serviceaccount:NAMESPACE:NAME`. */
export function webIdentity(provider: string, audience: string, subject: string): TrailIdentity {
  return {
    userIdentity: {
      type: 'WebIdentityUser',
      principalId: `${provider}:${audience}:${subject}`,
      userName: subject,
      identityProvider: provider,
    },
    username: subject,
  };
}

/**
 * Whoever signed the call.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function signerIdentity(principal: Principal): TrailIdentity {
  const { account, arn, id } = principal;
  switch (principal.kind) {
    case 'administrator': {
      const userName = arn.slice(arn.lastIndexOf('/') + 1);
      return {
        userIdentity: { type: 'IAMUser', principalId: id, arn, accountId: account, accessKeyId: account, userName },
        username: userName,
        accessKeyId: account,
      };
    }
    case 'session': {
      const { session } = principal;
      const issuer = {
        type: 'Role',
        principalId: session.roleId,
        arn: session.roleArn,
        accountId: account,
        userName: session.roleArn.slice(session.roleArn.lastIndexOf('/') + 1),
      };
      return {
        userIdentity: {
          type: 'AssumedRole',
          principalId: id,
          arn,
          accountId: account,
          accessKeyId: session.accessKeyId,
          sessionContext: {
            sessionIssuer: issuer,
            attributes: { creationDate: seconds(session.issuedAt), mfaAuthenticated: 'false' },
          },
        },
        username: session.name,
        accessKeyId: session.accessKeyId,
      };
    }
    case 'node': {
      const [roleId = '', name = ''] = id.split(':');
      const partition = parseArn(arn)?.partition ?? 'aws';
      const role = arn.slice(arn.lastIndexOf('/') + 1);
      return {
        userIdentity: {
          type: 'AssumedRole',
          principalId: id,
          arn: `arn:${partition}:sts::${account}:assumed-role/${role}/${name}`,
          accountId: account,
          sessionContext: {
            sessionIssuer: { type: 'Role', principalId: roleId, arn, accountId: account, userName: role },
          },
        },
        username: name,
      };
    }
    case 'anonymous':
      return { userIdentity: { type: 'Unknown' } };
  }
}

/** A time as CloudTrail writes it: ISO 8601 without fractions. */
export function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
