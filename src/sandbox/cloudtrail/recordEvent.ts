import { randomUUID } from 'node:crypto';
import type { TrailedAnswer } from '../api/Action';
import type { SandboxState } from '../api/SandboxState';
import type { TrailEvent } from './TrailEvent';
import { seconds, type TrailIdentity } from './userIdentity';

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
