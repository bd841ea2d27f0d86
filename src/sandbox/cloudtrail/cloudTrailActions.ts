import { createHash } from 'node:crypto';
import type { Actions, Call, Output } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { optionalText, requiredText, structureList, type Input } from '../api/Input';
import type { TrailEvent } from '../api/SandboxState';

// Source of the rules: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
const DAYS = 90 * 24 * 60 * 60 * 1000;
const LARGEST_PAGE = 50;

/** The lookup attributes. */
const ATTRIBUTES: Readonly<Record<string, (event: TrailEvent, value: string) => boolean>> = {
  EventId: (event, value) => event.id === value,
  EventName: (event, value) => event.name === value,
  EventSource: (event, value) => event.source === value,
  ReadOnly: (event, value) => String(event.readOnly) === value,
  Username: (event, value) => event.username === value,
  AccessKeyId: (event, value) => event.accessKeyId === value,
  ResourceType: (event, value) => event.resources.some(({ ResourceType }) => ResourceType === value),
  ResourceName: (event, value) => event.resources.some(({ ResourceName }) => ResourceName === value),
};

/** A time in milliseconds since 1970; JSON 1.1 sends seconds. */
function timeOf(input: Input, key: string): number | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new ApiError('InvalidTimeRangeException', 400, `${key} is not a time.`);
  return value * 1000;
}

function filterOf(input: Input): (event: TrailEvent) => boolean {
  const attributes = structureList(input, 'LookupAttributes');
  if (attributes.length > 1) {
    throw new ApiError('InvalidLookupAttributesException', 400, 'You can specify only one lookup attribute.');
  }
  const [attribute] = attributes;
  if (attribute === undefined) return () => true;
  const key = requiredText(attribute, 'AttributeKey');
  const value = requiredText(attribute, 'AttributeValue', { min: 1, max: 2000 });
  const matches = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (matches === undefined) {
    throw new ApiError('InvalidLookupAttributesException', 400, `Invalid lookup attribute: ${key}`);
  }
  return (event) => matches(event, value);
}

/** The only event category. Without it, management events. Source: the shape EventCategory of CloudTrail's API model. */
function category(input: Input): 'insight' | undefined {
  const value = optionalText(input, 'EventCategory');
  if (value === undefined || value === 'insight') return value;
  throw new ApiError('InvalidEventCategoryException', 400, `Invalid event category: ${value}`);
}

function pageSize({ MaxResults: wanted }: Input): number {
  if (wanted === undefined || wanted === null) return LARGEST_PAGE;
  if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 1 || wanted > LARGEST_PAGE) {
    throw new ApiError('InvalidMaxResultsException', 400, 'MaxResults must be between 1 and 50.');
  }
  return wanted;
}

/** A digest of the query: a token is valid only for the query that it comes from. */
function digestOf({ LookupAttributes, StartTime, EndTime, EventCategory }: Input, call: Call): string {
  const query = JSON.stringify([call.account, call.region, LookupAttributes, StartTime, EndTime, EventCategory]);
  return createHash('sha256').update(query).digest('hex').slice(0, 16);
}

function tokenFor(event: TrailEvent, digest: string): string {
  return Buffer.from(`${digest}:${event.id}`).toString('base64url');
}

/** The id of the last event of the page before. Throws `InvalidNextTokenException` for a token of another query. */
function readToken(token: string, digest: string): string {
  const [query, id = ''] = Buffer.from(token, 'base64url').toString().split(':');
  if (query !== digest) {
    throw new ApiError(
      'InvalidNextTokenException',
      400,
      'Invalid token: it must be used with the parameters of the call that it came from.',
    );
  }
  return id;
}

function eventView(event: TrailEvent): Output {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    AccessKeyId: event.accessKeyId,
    EventTime: new Date(event.time),
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources,
    CloudTrailEvent: JSON.stringify(event.record),
  };
}

/**
 * Counts a lookup, or throws `ThrottlingException`: "The rate of lookup requests is limited to two per second, per account, per Region." The model
 * has status 429 for the error. Whether AWS counts refused requests, and how it measures a second, is not known: the second before each request counts,
 * without the refused ones.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
function countLookup({ state, account, region, quotas, time }: Call): void {
  const key = `${account} ${region}`;
  const now = time.getTime();
  const recent = (state.lookups.get(key) ?? []).filter((at) => at > now - 1000);
  if (recent.length >= quotas.lookupsPerSecond) throw new ApiError('ThrottlingException', 429, 'Rate exceeded');
  state.lookups.set(key, [...recent, now]);
}

function lookupEvents(input: Input, call: Call): Output {
  countLookup(call);
  const size = pageSize(input);
  const matches = filterOf(input);
  const start = timeOf(input, 'StartTime');
  const end = timeOf(input, 'EndTime');
  if (start !== undefined && end !== undefined && start > end) {
    throw new ApiError('InvalidTimeRangeException', 400, 'The start time must be before the end time.');
  }
  const { state, time, account, region } = call;
  const now = time.getTime();
  const found =
    category(input) === 'insight'
      ? []
      : state.trail.filter(
          (event) =>
            event.account === account &&
            event.region === region &&
            event.time >= Math.max(start ?? 0, now - DAYS) &&
            event.time <= (end ?? Infinity) &&
            event.time + state.timing.cloudTrailDelay <= now &&
            matches(event),
        );
  const newestFirst = found.reverse().sort((one, other) => other.time - one.time);
  const digest = digestOf(input, call);
  const token = optionalText(input, 'NextToken');
  const last = token === undefined ? undefined : readToken(token, digest);
  const from = last === undefined ? 0 : newestFirst.findIndex(({ id }) => id === last) + 1;
  const page = newestFirst.slice(from, from + size);
  const oldest = page.at(-1);
  const more = newestFirst.length > from + size;
  return {
    Events: page.map(eventView),
    NextToken: more && oldest !== undefined ? tokenFor(oldest, digest) : undefined,
  };
}

/** CloudTrail's event history of the last 90 days, the newest first: sessions of roles (STS, EKS Auth), and changes of trust policies (IAM). */
export const cloudTrailActions: Actions = {
  LookupEvents: {
    permissions: () => [{ action: 'cloudtrail:LookupEvents', resource: '*' }],
    handle: lookupEvents,
  },
};
