import { randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { TrailedAnswer } from '../api/Action';
import type { Principal } from '../api/Principal';
import type { SandboxState, TrailEvent } from '../api/SandboxState';

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

/** A call that CloudTrail hears of. */
export interface TrailedCall {
  readonly name: string;
  /** `sts.amazonaws.com` */
  readonly source: string;
  readonly region: string;
  readonly time: Date;
  readonly identity: TrailIdentity;
  readonly requestParameters: Readonly<Record<string, unknown>>;
  /** Absent where the call failed. */
  readonly responseElements?: Readonly<Record<string, unknown>>;
  /** What the record names beside its parameters. */
  readonly resources: TrailEvent['resources'];
  /** Members of the record's own `resources`. */
  readonly recordResources: readonly Readonly<Record<string, string>>[];
  /** The accounts whose history gets it. */
  readonly accounts: readonly string[];
  readonly answer: TrailedAnswer;
}

const EVENT_VERSION = '1.11';

/**
 * Puts a call into the event history of each account that it concerns; accounts that share it see the same `sharedEventID`.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordEvent(state: SandboxState, call: TrailedCall): void {
  const accounts = [...new Set(call.accounts)].filter((account) => account !== '');
  const shared = accounts.length > 1 ? { sharedEventID: randomUUID() } : {};
  const requestID = randomUUID();
  const { identity, answer } = call;
  const failure = 'fault' in answer ? { errorCode: answer.fault.code, errorMessage: answer.fault.message } : {};
  for (const account of accounts) {
    const id = randomUUID();
    const record = {
      eventVersion: EVENT_VERSION,
      userIdentity: identity.userIdentity,
      eventTime: seconds(call.time),
      eventSource: call.source,
      eventName: call.name,
      awsRegion: call.region,
      sourceIPAddress: identity.invokedBy ?? '127.0.0.1',
      userAgent: identity.invokedBy ?? 'sandbox',
      ...failure,
      requestParameters: call.requestParameters,
      responseElements: call.responseElements ?? null,
      requestID,
      eventID: id,
      readOnly: true,
      resources: call.recordResources,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      ...shared,
      eventCategory: 'Management',
    };
    state.trail.push({
      account,
      region: call.region,
      id,
      time: Math.floor(call.time.getTime() / 1000) * 1000,
      name: call.name,
      source: call.source,
      readOnly: true,
      ...(identity.username === undefined ? {} : { username: identity.username }),
      ...(identity.accessKeyId === undefined ? {} : { accessKeyId: identity.accessKeyId }),
      resources: call.resources,
      record,
    });
  }
}
