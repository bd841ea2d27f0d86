import type { Service } from '../../../src/sandbox/api/Service';
import { roleArn } from '../testSandbox';
import { readError } from './checkAnswer';
import type { Input, RawAnswer } from './rawCall';
import type { Pages } from './ModelShapes';
import { MODELS } from './serviceModel';

const POLICY = 'arn:aws:iam::111111111111:policy/third';

/** A list operation, and the texts that name the items of its answers. */
export interface PagedCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  /** Finds each item of an answer by its name. */
  readonly item: RegExp;
  /** The list has fewer than three items in the sandbox. */
  readonly short?: true;
}

function call(service: Service, operation: string, input: Input, item: RegExp): PagedCall {
  return { service, operation, input, item };
}

const pod = { RoleName: 'pod' };
const cluster = { clusterName: 'main' };

/** All operations with pages. */
export const PAGED_CALLS: readonly PagedCall[] = [
  call('iam', 'ListRoles', {}, /<RoleName>([^<]+)</g),
  { ...call('iam', 'ListInstanceProfilesForRole', pod, /<InstanceProfileName>([^<]+)</g), short: true },
  call('iam', 'ListRoleTags', pod, /<Key>([^<]+)</g),
  call('iam', 'ListRolePolicies', pod, /<member>([^<]+)</g),
  call('iam', 'ListAttachedRolePolicies', pod, /<PolicyArn>([^<]+)</g),
  call('iam', 'ListPolicies', { Scope: 'Local' }, /<Arn>([^<]+)</g),
  call('iam', 'ListPolicyVersions', { PolicyArn: POLICY }, /<VersionId>([^<]+)</g),
  call('iam', 'GetAccountAuthorizationDetails', { Filter: ['Role', 'LocalManagedPolicy'] }, /<Arn>([^<]+)</g),
  call(
    'iam',
    'SimulatePrincipalPolicy',
    { PolicySourceArn: roleArn('pod'), ActionNames: ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'] },
    /<EvalActionName>([^<]+)</g,
  ),
  call('eks', 'ListClusters', {}, /"([a-z]+)"(?=[,\]])/g),
  call('eks', 'DescribeClusterVersions', {}, /"clusterVersion":"([^"]+)"/g),
  call('eks', 'ListNodegroups', cluster, /"([a-z]+)"(?=[,\]])/g),
  call('eks', 'ListPodIdentityAssociations', cluster, /"associationId":"([^"]+)"/g),
  call('eks', 'ListAddons', cluster, /"([a-z-]+)"(?=[,\]])/g),
  call('eks', 'DescribeAddonVersions', {}, /"addonName":"([^"]+)"/g),
  call('organizations', 'ListAccounts', {}, /"Id":"(\d+)"/g),
  call('account', 'ListRegions', {}, /"RegionName":"([^"]+)"/g),
  call('cloudtrail', 'LookupEvents', {}, /"EventId":"([^"]+)"/g),
];

/** Makes the items that the seed cannot make: versions of a policy and events. */
export async function makeItems(send: Send): Promise<void> {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  });
  for (const session of ['first', 'second']) {
    await send('iam', 'CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: document });
    await send('sts', 'AssumeRole', { RoleArn: roleArn('target'), RoleSessionName: session });
  }
  await send('sts', 'AssumeRole', { RoleArn: roleArn('target'), RoleSessionName: 'third' });
}

type Send = (service: Service, operation: string, input: Input) => Promise<RawAnswer>;

function itemsOf({ item }: PagedCall, { body }: RawAnswer): string[] {
  return [...body.matchAll(item)].map(([, name = '']) => name);
}

function tokenOf({ body }: RawAnswer, { tokenOut }: Pages): string | undefined {
  return new RegExp(`"${tokenOut}":"([^"]*)"`).exec(body)?.[1] ?? new RegExp(`<${tokenOut}>([^<]*)<`).exec(body)?.[1];
}

const MOST_PAGES = 100;

/** What is wrong with the pages of an operation: with pages of one, and with a token of nobody. */
export async function checkPages(call: PagedCall, send: Send): Promise<readonly string[]> {
  const { service, operation, input } = call;
  const pages = MODELS[service].pagesOf(operation);
  if (pages === undefined) return ['the model has no pages'];
  const problems: string[] = [];
  const whole = itemsOf(call, await send(service, operation, input));
  if (whole.length < 3 && call.short !== true) problems.push(`only ${whole.length} items: too few for pages`);
  const found: string[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const page = { ...input, [pages.size]: 1, ...(token === undefined ? {} : { [pages.tokenIn]: token }) };
    const answer = await send(service, operation, page);
    const items = itemsOf(call, answer);
    if (items.length > 1) problems.push(`a page of one has ${items.length} items`);
    if (items.length === 0 && token !== undefined) problems.push('the last page is empty');
    found.push(...items);
    token = tokenOf(answer, pages);
    const truncated = /<IsTruncated>(\w+)</.exec(answer.body)?.[1];
    if (service === 'iam' && truncated !== String(token !== undefined)) {
      problems.push(`IsTruncated is ${String(truncated)}, and ${pages.tokenOut} is ${String(token)}`);
    }
    if (token !== undefined && tokens.has(token)) problems.push(`the token ${token} came twice`);
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined && found.length <= whole.length && tokens.size < MOST_PAGES);
  if ([...found].sort().join() !== [...whole].sort().join())
    problems.push(`pages of one have ${found.join()}; one page has ${whole.join()}`);
  const foreign = await send(service, operation, { ...input, [pages.tokenIn]: 'foreign' });
  if (foreign.status === 200) problems.push('a token of nobody is accepted');
  else if (readError(service, foreign) === undefined) problems.push('a token of nobody has an unreadable answer');
  return problems;
}
