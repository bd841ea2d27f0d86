import { randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { ApiResult } from '../api/Action';
import type { Principal } from '../api/Principal';
import type { SandboxState, TrailEvent } from '../api/SandboxState';

/** The caller of an API in a CloudTrail record, with the attributes of LookupEvents. */
export interface EventIdentity {
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly username?: string;
  readonly accessKeyId?: string;
  /** The AWS service that made the call. */
  readonly invokedBy?: string;
}

/** The identity of an AWS service, which has neither a user name nor an access key. */
export function serviceIdentity(service: string): EventIdentity {
  return { userIdentity: { type: 'AWSService', invokedBy: service }, invokedBy: service };
}

/** The identity of a caller with a token of an OIDC provider. `subject` is `system:serviceaccount:NAMESPACE:NAME`. */
export function webIdentity(provider: string, audience: string, subject: string): EventIdentity {
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
 * The identity of a caller who signed the request.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function signerIdentity(principal: Principal): EventIdentity {
  const { account, arn, id } = principal;
  switch (principal.kind) {
    case 'administrator': {
      const userName = arn.slice(arn.lastIndexOf('/') + 1);
      const { session } = principal;
      const accessKeyId = session?.accessKeyId ?? account;
      const user = { type: 'IAMUser', principalId: id, arn, accountId: account, accessKeyId, userName };
      const userIdentity =
        session === undefined ? user : { ...user, sessionContext: { attributes: sessionAttributes(session.issuedAt) } };
      return { userIdentity, username: userName, accessKeyId };
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
            attributes: sessionAttributes(session.issuedAt),
            ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
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

function sessionAttributes(issuedAt: Date): Readonly<Record<string, string>> {
  return { creationDate: cloudTrailTime(issuedAt), mfaAuthenticated: 'false' };
}

/** A time in CloudTrail's format: ISO 8601 without fractions. */
export function cloudTrailTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A call that CloudTrail records. */
export interface RecordedCall {
  readonly name: string;
  /** `sts.amazonaws.com` */
  readonly source: string;
  readonly region: string;
  readonly time: Date;
  readonly identity: EventIdentity;
  readonly requestParameters: Readonly<Record<string, unknown>>;
  /** Absent when the call failed. */
  readonly responseElements?: Readonly<Record<string, unknown>>;
  /** The resources by which LookupEvents finds the event. */
  readonly resources: TrailEvent['resources'];
  /** The resources in the record itself. */
  readonly recordResources: readonly Readonly<Record<string, string>>[];
  /** The accounts that get the event in their history. */
  readonly accounts: readonly string[];
  readonly answer: ApiResult;
  /** The program that called. Default: that of the sandbox. */
  readonly userAgent?: string | undefined;
  /** Whether the call changes nothing. Default: true. */
  readonly readOnly?: boolean;
}

const EVENT_VERSION = '1.11';

/**
 * Adds a call to the event history of each of its accounts; several accounts get the same `sharedEventID`.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordEvent(state: SandboxState, call: RecordedCall): void {
  const accounts = [...new Set(call.accounts)].filter((account) => account !== '');
  const shared = accounts.length > 1 ? { sharedEventID: randomUUID() } : {};
  const requestID = randomUUID();
  const { identity, answer, readOnly = true, userAgent = 'sandbox' } = call;
  const failure = 'error' in answer ? { errorCode: answer.error.code, errorMessage: answer.error.message } : {};
  for (const account of accounts) {
    const id = randomUUID();
    const record = {
      eventVersion: EVENT_VERSION,
      userIdentity: identity.userIdentity,
      eventTime: cloudTrailTime(call.time),
      eventSource: call.source,
      eventName: call.name,
      awsRegion: call.region,
      sourceIPAddress: identity.invokedBy ?? '127.0.0.1',
      userAgent: identity.invokedBy ?? userAgent,
      ...failure,
      requestParameters: call.requestParameters,
      responseElements: call.responseElements ?? null,
      requestID,
      eventID: id,
      readOnly,
      ...(call.recordResources.length > 0 && { resources: call.recordResources }),
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
      readOnly,
      ...(identity.username === undefined ? {} : { username: identity.username }),
      ...(identity.accessKeyId === undefined ? {} : { accessKeyId: identity.accessKeyId }),
      resources: call.resources,
      record,
    });
  }
}
