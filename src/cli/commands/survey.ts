import type { Estate } from '../../estate/Estate';
import { kubeContexts } from '../../estate/kubernetes/kubeContexts';
import type { Ports } from '../../estate/Ports';
import { accountId, region } from '../../inventory/formats/awsFormats';
import { clusterName } from '../../inventory/formats/clusterFormats';
import { type Format, fits, misfit } from '../../inventory/formats/Format';
import type { Survey } from '../../operations/survey/Survey';
import { clusterOfArn, type SurveyScope, surveyPlaces } from '../../operations/survey/surveyInventory';
import { firstInventory, surveyOf, surveyQuestions } from '../../operations/survey/surveyOf';
import { accountsTable, SURVEY_CSV_HEAD, surveyPage } from '../../report/surveyPage';
import { askLiveCaller, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { EXIT, UsageError } from '../exit';
import { busy, progressLine } from '../output';
import { type PageFlags, pageOutput } from '../pageOutput';
import { findClusters, type FoundClusters, type SurveyPorts, type Wanted } from '../survey/findClusters';

export interface SurveyOptions extends PageFlags {
  readonly context?: readonly string[] | undefined;
  readonly account?: readonly string[] | undefined;
  readonly region?: readonly string[] | undefined;
  /** Names or ARNs. */
  readonly cluster?: readonly string[] | undefined;
  /** All accounts of the organisation. */
  readonly organization?: boolean | undefined;
  /** The role that is assumed in other accounts. */
  readonly role?: string | undefined;
  /** Judge this file instead of asking. */
  readonly estate?: string | undefined;
  /** Keep what was read in this file. */
  readonly saveEstate?: string | undefined;
}

/** The live systems, and the clock. */
export interface SurveyWorld extends SurveyPorts {
  readonly now: () => Date;
}

/**
 * `podlift survey`: which service accounts of which clusters have access to AWS, how, and what keeps them from moving to Pod Identity. Needs no inventory. AWS and
 * the clusters are only read. Prints a page, or writes it with `out`; with `json` the document from which `podlift init --from` makes the inventory.
 *
 * Returns 0 when all was read, 1 when some was not: the page lists it. Throws `UsageError`.
 */
export async function survey(options: SurveyOptions, world: SurveyWorld = live()): Promise<number> {
  const wanted = wantedOf(options);
  const show = pageOutput('survey', options, SURVEY_CSV_HEAD);
  const source = estateSource({ estate: options.estate, saveEstate: options.saveEstate });
  if (source.given !== undefined && hasPlaces(wanted))
    throw new UsageError('--estate FILE has its own clusters: leave out the options that name clusters');
  const found = source.given === undefined ? await findShown(wanted, world) : inEstate(source.given);
  const { scope } = found;
  const ask = surveyQuestions(scope);
  let read = 0;
  const estate = await estateFor(
    (now, say) =>
      ask(now, ({ name, account, region: where }) => {
        read += 1;
        say(`cluster ${name} (${account} ${where}) is read, ${read} of ${scope.clusters.length}`);
      }),
    surveyPlaces(firstInventory(scope), scope.clusters),
    world.ports,
    { source, command: ['survey'], clock: world.now },
  );
  const result = busy('judging what was found', () => surveyOf(scope, estate, found));
  show({ page: surveyPage(result), table: accountsTable(result), document: documentOf(result, scope) });
  return isComplete(result) ? EXIT.ok : EXIT.findings;
}

/** What a survey was made of, and what it found. */
function documentOf({ at, ...result }: Survey, { accounts, clusters }: SurveyScope): object {
  const regions = [...new Set(clusters.map(({ region: one }) => one))].sort();
  return { at, scope: { accounts, regions }, ...result };
}

/** Every cluster was read, and every role. */
function isComplete({ unread, serviceAccounts }: Survey): boolean {
  return (
    unread.length === 0 && !serviceAccounts.some(({ blockers }) => blockers.some(({ rule }) => rule === 'unanswered'))
  );
}

/** Finds the clusters; on a terminal with progress. */
function findShown(wanted: Wanted, world: SurveyWorld): Promise<FoundClusters> {
  const { show, end } = progressLine('survey', process.stderr, Date.now, 'lists of clusters');
  return findClusters(wanted, { ...world, onListed: show }).finally(end);
}

function wantedOf({
  context = [],
  account = [],
  region: regions = [],
  cluster = [],
  organization = false,
  role,
}: SurveyOptions): Wanted {
  if (organization && role === undefined)
    throw new UsageError('--organization needs --role NAME: the role that podlift assumes in each account');
  if (organization && account.length > 0)
    throw new UsageError('--organization has all its accounts: leave out --account, or leave out --organization');
  const check = (option: string, format: Format, values: readonly string[]): void => {
    for (const value of values)
      if (!fits(format, value)) throw new UsageError(`${option}: ${misfit(format, JSON.stringify(value)).message}`);
  };
  check('--account', accountId, account);
  check('--region', region, regions);
  check(
    '--cluster',
    clusterName,
    cluster.filter((one) => clusterOfArn(one) === undefined),
  );
  if (role !== undefined && !ROLE.test(role))
    throw new UsageError(
      `--role ${JSON.stringify(role)}: this is not the name of a role, such as podlift-read or ops/podlift-read`,
    );
  return { contexts: context, accounts: account, regions, clusters: cluster, organization, role };
}

/** A name of a role, with its path. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const ROLE = /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

function hasPlaces({ contexts, accounts, regions, clusters, organization, role }: Wanted): boolean {
  return organization || contexts.length + accounts.length + regions.length + clusters.length > 0 || role !== undefined;
}

/** The clusters of a saved Estate, and its accounts. */
function inEstate(estate: Estate): FoundClusters {
  const arns = Object.keys(estate.clusters).sort();
  const clusters = arns.flatMap((arn) => clusterOfArn(arn) ?? []);
  const unknown = arns.filter((arn) => clusterOfArn(arn) === undefined);
  const ids = new Set([...clusters.map(({ account }) => account), ...Object.keys(estate.accounts)]);
  return {
    scope: { accounts: [...ids].sort().map((id) => ({ id })), clusters },
    skipped: unknown.map((context) => ({ context, reason: 'not a cluster of a region that podlift knows' })),
    unread: [],
  };
}

function live(): SurveyWorld {
  let ports: Ports | undefined;
  const { AWS_REGION = '', AWS_DEFAULT_REGION = '' } = process.env;
  return {
    contexts: kubeContexts,
    caller: askLiveCaller,
    ports: () => (ports ??= loadLivePorts()),
    region: [AWS_REGION, AWS_DEFAULT_REGION].find((one) => one !== ''),
    now: () => new Date(),
  };
}
