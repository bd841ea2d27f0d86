import { type CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from './AwsPort';
import { readTrailEvent } from './readTrailEvent';

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
    for await (const { Events = [] } of pages)
      events.push(...Events.map(({ CloudTrailEvent = '' }) => readTrailEvent(CloudTrailEvent)));
  }
  return events;
}
