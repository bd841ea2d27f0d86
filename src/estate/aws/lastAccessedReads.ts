import { setTimeout as sleep } from 'node:timers/promises';
import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  type GetServiceLastAccessedDetailsResponse,
  type IAMClient,
  type ServiceLastAccessed,
} from '@aws-sdk/client-iam';
import { unlessMissing } from './ask';
import type { LastAccessedFacts } from './AwsPort';

/** The most services of a page. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html */
const PAGE = 1000;

/** Milliseconds between two questions whether the report is ready: the last one is repeated. A report takes one to ten seconds. */
const WAITS = [250, 500, 1000, 2000, 4000];

/**
 * What IAM knows of the use of a role's permissions, by action; `undefined` where there is no such role. The report belongs to the session that asked for it, so both calls are made
 * by the same client. Throws when IAM cannot make the report. A report that is not ready is never an empty one: the signal ends the wait.
 */
export async function readLastAccessed(
  iam: IAMClient,
  Arn: string,
  abortSignal: AbortSignal,
): Promise<LastAccessedFacts | undefined> {
  const generate = new GenerateServiceLastAccessedDetailsCommand({ Arn, Granularity: 'ACTION_LEVEL' });
  const job = await unlessMissing(['NoSuchEntityException', 'NoSuchEntity'], iam.send(generate, { abortSignal }));
  if (job === undefined) return undefined;
  const page = (Marker?: string) =>
    iam.send(
      new GetServiceLastAccessedDetailsCommand({
        JobId: job.JobId,
        MaxItems: PAGE,
        ...(Marker === undefined ? {} : { Marker }),
      }),
      { abortSignal },
    );
  let answer = await page();
  for (let asked = 0; answer.JobStatus === 'IN_PROGRESS'; asked += 1) {
    await sleep(WAITS[Math.min(asked, WAITS.length - 1)], undefined, { signal: abortSignal });
    answer = await page();
  }
  const services = servicesOf(answer);
  while (answer.IsTruncated === true) {
    answer = await page(answer.Marker);
    services.push(...servicesOf(answer));
  }
  return { services };
}

function servicesOf({ JobStatus, Error: problem, ServicesLastAccessed = [] }: GetServiceLastAccessedDetailsResponse) {
  if (JobStatus !== 'COMPLETED')
    throw new Error(
      `IAM made no report: ${problem?.Code ?? JobStatus ?? 'no status'} ${problem?.Message ?? ''}`.trim(),
    );
  return ServicesLastAccessed.map(serviceOf);
}

function serviceOf({
  ServiceNamespace: service = '',
  LastAuthenticated,
  TrackedActionsLastAccessed: tracked = [],
}: ServiceLastAccessed) {
  return {
    service,
    ...lastAccessedAt(LastAuthenticated),
    tracked: tracked.map(({ ActionName = '', LastAccessedTime }) => ({
      action: `${service}:${ActionName}`,
      ...lastAccessedAt(LastAccessedTime),
    })),
  };
}

function lastAccessedAt(time: Date | undefined): { readonly lastAccessed?: string } {
  return time === undefined ? {} : { lastAccessed: time.toISOString() };
}
