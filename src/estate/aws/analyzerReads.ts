import {
  type AccessAnalyzerClient,
  type FindingDetails,
  GetAnalyzerCommand,
  paginateGetFindingV2,
  paginateListAnalyzers,
  paginateListFindingsV2,
} from '@aws-sdk/client-accessanalyzer';
import { allOf, askEach, unlessMissing } from './ask';
import type { AnalyzerFacts, UnusedFindingFacts } from './AwsPort';

// podlift reads what analyzers have found, and never makes, changes or starts one: AWS charges for each role that an analyzer of unused access has.

const MISSING = ['ResourceNotFoundException'];

/**
 * The active analyzers of unused access of the account in the region. Only `GetAnalyzer` says after how many days access counts as unused.
 * Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html
 */
export async function readAnalyzers(
  client: AccessAnalyzerClient,
  abortSignal: AbortSignal,
): Promise<readonly AnalyzerFacts[]> {
  const all = await allOf(paginateListAnalyzers({ client }, {}, { abortSignal }), ({ analyzers }) => analyzers);
  const unused = all.filter(({ type = '', status }) => type.endsWith('_UNUSED_ACCESS') && status === 'ACTIVE');
  return askEach(unused, async ({ arn = '', name, type: analyzerType = '' }): Promise<AnalyzerFacts | undefined> => {
    const command = new GetAnalyzerCommand({ analyzerName: name });
    const answer = await unlessMissing(MISSING, client.send(command, { abortSignal }));
    const days = answer?.analyzer?.configuration?.unusedAccess?.unusedAccessAge;
    return answer === undefined ? undefined : { arn, analyzerType, days: days ?? DEFAULT_DAYS };
  });
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-unused.html */
const DEFAULT_DAYS = 90;

/** The findings of an analyzer about the unused access of a role, without those that are resolved. */
export async function readUnusedFindings(
  client: AccessAnalyzerClient,
  analyzerArn: string,
  role: string,
  abortSignal: AbortSignal,
): Promise<readonly UnusedFindingFacts[]> {
  const filter = { resource: { eq: [role] }, status: { eq: ['ACTIVE', 'ARCHIVED'] } };
  const pages = paginateListFindingsV2({ client }, { analyzerArn, filter }, { abortSignal });
  const found = await allOf(pages, ({ findings }) => findings);
  const about = found.filter(({ findingType = '' }) => ['UnusedIAMRole', 'UnusedPermission'].includes(findingType));
  return askEach(about, async ({ id, findingType = '', status: findingStatus = '', analyzedAt }) => {
    const details = await unlessMissing(
      MISSING,
      allOf(paginateGetFindingV2({ client }, { analyzerArn, id }, { abortSignal }), (page) => page.findingDetails),
    );
    if (details === undefined || analyzedAt === undefined) return undefined;
    return { findingType, findingStatus, analyzedAt: analyzedAt.toISOString(), services: details.flatMap(serviceOf) };
  });
}

/** Without actions the whole service was not used. Whether AWS writes an action with its prefix is not documented: both are read. */
function serviceOf({ unusedPermissionDetails: found }: FindingDetails): UnusedFindingFacts['services'] {
  if (found === undefined) return [];
  const { serviceNamespace: service = '', lastAccessed, actions } = found;
  return [
    {
      service,
      ...(lastAccessed === undefined ? {} : { lastAccessed: lastAccessed.toISOString() }),
      ...(actions === undefined || actions.length === 0
        ? {}
        : { unused: actions.map(({ action = '' }) => (action.includes(':') ? action : `${service}:${action}`)) }),
    },
  ];
}
