import { type CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { allOf } from './ask';
import type { TrailEvent } from './AwsPort';

/** The most that CloudTrail gives at once. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const PAGE = 50;

/**
 * The events of some names in a span of time (ISO 8601), all pages. CloudTrail looks for one attribute at a time and answers
 * twice a second for an account and region: the names are asked one after the other.
 */
export async function lookUpEvents(
  trail: CloudTrailClient,
  names: readonly string[],
  since: string,
  until: string,
  abortSignal: AbortSignal,
): Promise<TrailEvent[]> {
  const events: TrailEvent[] = [];
  for (const AttributeValue of names) {
    const input = {
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue }],
      StartTime: new Date(since),
      EndTime: new Date(until),
    };
    const pages = paginateLookupEvents({ client: trail, pageSize: PAGE }, input, { abortSignal });
    const found = await allOf(pages, ({ Events }) => Events);
    events.push(...found.map(({ CloudTrailEvent = '' }) => readTrailEvent(CloudTrailEvent)));
  }
  return events;
}

/** The parts of a CloudTrail record that tell of a role's session. */
interface TrailRecord {
  readonly eventID?: string;
  readonly eventName?: string;
  readonly eventTime?: string;
  readonly errorCode?: string;
  readonly userIdentity?: {
    readonly arn?: string;
    readonly userName?: string;
    readonly invokedBy?: string;
    readonly identityProvider?: string;
    readonly principalId?: string;
  };
  readonly requestParameters?: { readonly roleArn?: string; readonly clusterName?: string } | null;
  readonly responseElements?: {
    readonly assumedRoleUser?: { readonly arn?: string };
    readonly subject?: { readonly namespace?: string; readonly serviceAccount?: string };
  } | null;
  readonly resources?: readonly { readonly ARN?: string; readonly type?: string }[] | null;
}

/**
 * Reads the `CloudTrailEvent` of a `LookupEvents` answer: JSON text of the whole record.
 * Throws on text that is no record, since an event that is not understood may be the one that matters.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html (examples of STS events)
 */
export function readTrailEvent(text: string): TrailEvent {
  const record = JSON.parse(text) as TrailRecord;
  const { eventID: id, eventName: name, eventTime: at, userIdentity = {}, errorCode: error } = record;
  if (id === undefined || name === undefined || at === undefined)
    throw new Error(`CloudTrail gave a record without eventID, eventName or eventTime: ${text.slice(0, 120)}`);
  const by = userIdentity.userName ?? userIdentity.arn ?? userIdentity.invokedBy ?? userIdentity.principalId;
  const pod = podOf(record);
  return {
    id,
    name,
    at,
    roleArns: roleArnsOf(record),
    ...(by === undefined ? {} : { by }),
    ...(userIdentity.invokedBy === undefined ? {} : { invokedBy: userIdentity.invokedBy }),
    ...(userIdentity.identityProvider === undefined ? {} : { provider: userIdentity.identityProvider }),
    ...(pod === undefined ? {} : { pod }),
    ...(error === undefined ? {} : { error }),
  };
}

function roleArnsOf({ requestParameters, resources }: TrailRecord): string[] {
  const named = (resources ?? []).flatMap(({ ARN, type }) =>
    ARN !== undefined && (type === 'AWS::IAM::Role' || /:iam::\d{12}:role\//.test(ARN)) ? [ARN] : [],
  );
  return [...new Set([requestParameters?.roleArn ?? [], named].flat())];
}

function podOf({ requestParameters, responseElements }: TrailRecord): TrailEvent['pod'] {
  const cluster = requestParameters?.clusterName;
  const { namespace, serviceAccount } = responseElements?.subject ?? {};
  return cluster === undefined || namespace === undefined || serviceAccount === undefined
    ? undefined
    : { cluster, namespace, serviceAccount };
}
