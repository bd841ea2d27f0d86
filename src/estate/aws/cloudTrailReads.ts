import { type CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { allOf } from './ask';
import type { TrailEvent } from './AwsPort';

/** The most that CloudTrail gives at once. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const PAGE = 50;

/**
 * The events that have one of some values of an attribute, since a time (ISO 8601), all pages, each event once. CloudTrail looks for one attribute at a time
 * and answers twice a second for an account and region: the values are asked one after the other. There is no end: "now" is AWS's.
 */
export async function lookUpEvents(
  trail: CloudTrailClient,
  attribute: Partial<Record<'EventName' | 'ResourceName', readonly string[]>>,
  since: string,
  abortSignal: AbortSignal,
): Promise<TrailEvent[]> {
  const events = new Map<string, TrailEvent>();
  for (const AttributeKey of ['EventName', 'ResourceName'] as const) {
    for (const AttributeValue of attribute[AttributeKey] ?? []) {
      const input = { LookupAttributes: [{ AttributeKey, AttributeValue }], StartTime: new Date(since) };
      const pages = paginateLookupEvents({ client: trail, pageSize: PAGE }, input, { abortSignal });
      const found = await allOf(pages, ({ Events }) => Events);
      for (const { CloudTrailEvent = '' } of found) {
        const event = readTrailEvent(CloudTrailEvent);
        events.set(event.id, event);
      }
    }
  }
  return [...events.values()];
}

/** The parts of a CloudTrail record that tell of a role's session or of its trust policy. */
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
  readonly userAgent?: string;
  readonly requestParameters?: {
    readonly roleArn?: string;
    readonly roleName?: string;
    readonly roleSessionName?: string;
    readonly tags?: readonly { readonly key?: string; readonly value?: string }[];
  } | null;
  readonly resources?: readonly { readonly ARN?: string; readonly type?: string }[] | null;
}

/**
 * Reads the `CloudTrailEvent` of a `LookupEvents` answer: JSON text of the whole record.
 * Throws on text that is no record, since an event that is not understood may be the one that matters.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html (examples of STS events);
 * aws-samples, workshop of EKS Pod Identity (records of `AssumeRoleForPodIdentity` and of EKS's own `AssumeRole`)
 */
export function readTrailEvent(text: string): TrailEvent {
  const record = JSON.parse(text) as TrailRecord;
  const { eventID: id, eventName: name, eventTime: at, userIdentity = {}, errorCode: error } = record;
  if (id === undefined || name === undefined || at === undefined)
    throw new Error(`CloudTrail gave a record without eventID, eventName or eventTime: ${text.slice(0, 120)}`);
  const by = userIdentity.userName ?? userIdentity.arn ?? userIdentity.invokedBy ?? userIdentity.principalId;
  const pod = podOf(record);
  const { roleName: role, roleSessionName: session } = record.requestParameters ?? {};
  return {
    id,
    name,
    at,
    roleArns: roleArnsOf(record),
    ...(role === undefined ? {} : { role }),
    ...(by === undefined ? {} : { by }),
    ...(userIdentity.invokedBy === undefined ? {} : { invokedBy: userIdentity.invokedBy }),
    ...(record.userAgent === undefined ? {} : { userAgent: record.userAgent }),
    ...(session === undefined ? {} : { session }),
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

/** The session tags that EKS sends. The record of `AssumeRoleForPodIdentity` names neither namespace nor service account: its `responseElements` are null. */
function podOf({ requestParameters }: TrailRecord): TrailEvent['pod'] {
  const tags = new Map((requestParameters?.tags ?? []).map(({ key, value }) => [key, value]));
  const cluster = tags.get('eks-cluster-name');
  const namespace = tags.get('kubernetes-namespace');
  const serviceAccount = tags.get('kubernetes-service-account');
  return cluster === undefined || namespace === undefined || serviceAccount === undefined
    ? undefined
    : { cluster, namespace, serviceAccount };
}
