import { UsageError } from '../../../src/cli/exit';
import { findClusters, type SurveyPorts, type Wanted } from '../../../src/cli/survey/findClusters';
import type { Answer, AwsPort } from '../../../src/estate/aws/AwsPort';
import type { KubeContext } from '../../../src/estate/kubernetes/kubeContexts';
import type { KubernetesPort } from '../../../src/estate/kubernetes/KubernetesPort';

const OWN = '111111111111';
const OTHER = '222222222222';
const arn = (name: string, account = OWN, region = 'eu-central-1') =>
  `arn:aws:eks:${region}:${account}:cluster/${name}`;
const issuer = (of: string, region = 'eu-central-1') =>
  `https://oidc.eks.${region}.amazonaws.com/id/${of.padEnd(32, '0')}`;
const denied: Answer<never> = { ok: false, why: 'denied', message: 'AccessDenied' };
const NONE: Wanted = { contexts: [], accounts: [], regions: [], clusters: [], organization: false };

/** A world with clusters by `ACCOUNT REGION`, and contexts whose clusters have issuers. */
function world({
  clusters = {},
  contexts = [],
  issuers = {},
  region,
  organization,
  enabled,
}: {
  readonly clusters?: Readonly<Record<string, readonly string[] | 'denied' | 'not enabled'>>;
  readonly contexts?: readonly (KubeContext | string)[];
  /** Of a context that is not here, the issuer cannot be read. */
  readonly issuers?: Readonly<Record<string, string>>;
  readonly region?: string;
  /** Accounts with their status; absent: the account is no management account. */
  readonly organization?: Readonly<Record<string, string>>;
  /** Regions that each account can use; absent: it may not say. */
  readonly enabled?: readonly string[];
}) {
  const asked: string[] = [];
  const live: SurveyPorts = {
    contexts: () =>
      Promise.resolve({
        ok: true,
        value: contexts.map((one) => (typeof one === 'string' ? { name: one, cluster: one } : one)),
      }),
    caller: () => Promise.resolve({ ok: true, value: { account: OWN, arn: 'arn:aws:iam::111111111111:user/me' } }),
    region,
    ports: () => ({
      aws: ({ id, readRole }, of) =>
        ({
          clusterNames: () => {
            asked.push(`${id} ${of} ${readRole ?? ''}`.trim());
            const names = clusters[`${id} ${of}`] ?? [];
            if (names === 'not enabled')
              return Promise.resolve({
                ok: false,
                why: 'denied',
                message: 'UnrecognizedClientException: The security token',
              });
            return Promise.resolve(names === 'denied' ? denied : { ok: true, value: names });
          },
          organizationAccounts: () =>
            Promise.resolve(
              organization === undefined
                ? denied
                : {
                    ok: true,
                    value: Object.entries(organization).map(([one, status]) => ({ id: one, name: `n${one}`, status })),
                  },
            ),
          regions: () => Promise.resolve(enabled === undefined ? denied : { ok: true, value: enabled }),
          describeCluster: (name) => Promise.resolve({ ok: true, value: { issuer: issuer(name, of) } }),
        }) as Partial<AwsPort> as AwsPort,
      kubernetes: (_, { kubernetes }) =>
        ({
          issuer: () => {
            const found = issuers[kubernetes?.context ?? ''];
            return Promise.resolve(found === undefined ? denied : { ok: true, value: found });
          },
        }) as Partial<KubernetesPort> as KubernetesPort,
    }),
  };
  return { live, asked };
}

describe('the clusters of a survey', () => {
  it.each<[string, Parameters<typeof world>[0], Partial<Wanted>, object]>([
    [
      'are those of all contexts, by the ARN that aws eks update-kubeconfig writes, also with an alias',
      { contexts: [arn('a'), { name: 'prod', cluster: arn('b', OTHER) }] },
      {},
      {
        scope: {
          accounts: [{ id: OWN }, { id: OTHER }],
          clusters: [
            { account: OWN, region: 'eu-central-1', name: 'a', arn: arn('a'), context: arn('a') },
            { account: OTHER, region: 'eu-central-1', name: 'b', arn: arn('b', OTHER), context: 'prod' },
          ],
        },
        skipped: [],
        unread: [],
      },
    ],
    [
      'are each there once, by the ARN where several contexts lead to one',
      { contexts: [{ name: 'alias', cluster: arn('a') }, arn('a'), { name: 'other', cluster: arn('a') }] },
      {},
      { scope: { clusters: [{ arn: arn('a'), context: arn('a') }] } },
    ],
    [
      'are only those of the contexts that are named',
      { contexts: [arn('a'), arn('b')] },
      { contexts: [arn('b')] },
      { scope: { clusters: [{ name: 'b' }] } },
    ],
    [
      'are found by the issuer of a context whose name says nothing',
      { contexts: ['prod'], issuers: { prod: issuer('two') }, clusters: { [`${OWN} eu-central-1`]: ['one', 'two'] } },
      {},
      { scope: { clusters: [{ arn: arn('two'), context: 'prod' }] }, unread: [] },
    ],
    [
      'are not those of other clusters than EKS',
      { contexts: ['kind-test', arn('a')], issuers: { 'kind-test': 'https://kubernetes.default.svc.cluster.local' } },
      {},
      { scope: { clusters: [{ name: 'a' }] }, skipped: [{ context: 'kind-test' }], unread: [] },
    ],
    [
      'go on where a context cannot be read',
      { contexts: ['gone', arn('a')] },
      {},
      { scope: { clusters: [{ name: 'a' }] }, unread: [{ context: 'gone', reason: 'denied' }] },
    ],
    [
      'are not guessed where the issuer is in no cluster of the account',
      { contexts: ['prod'], issuers: { prod: issuer('far') }, clusters: { [`${OWN} eu-central-1`]: ['one'] } },
      {},
      {
        scope: { clusters: [] },
        unread: [{ context: 'prod', region: 'eu-central-1', message: expect.stringContaining(OWN) }],
      },
    ],
    [
      'are those that EKS lists in the region, with the contexts that have their ARNs',
      {
        clusters: { [`${OWN} eu-central-1`]: ['a', 'b'] },
        contexts: [{ name: 'alias', cluster: arn('b') }, 'unrelated'],
      },
      { regions: ['eu-central-1'] },
      { scope: { clusters: [{ name: 'a' }, { name: 'b', context: 'alias' }] }, unread: [] },
    ],
    [
      'are those of the region of the settings, where none is named',
      { clusters: { [`${OWN} us-west-2`]: ['a'] }, region: 'us-west-2' },
      { clusters: ['a'] },
      { scope: { clusters: [{ arn: arn('a', OWN, 'us-west-2') }] } },
    ],
    [
      'are read with a role in each account but the own one, and go on where one denies it',
      { clusters: { [`${OWN} eu-central-1`]: ['a'], [`${OTHER} eu-central-1`]: 'denied' } },
      { accounts: [OWN, OTHER], regions: ['eu-central-1'], role: 'ops/podlift-read' },
      {
        scope: {
          accounts: [{ id: OWN }, { id: OTHER, readRole: `arn:aws:iam::${OTHER}:role/ops/podlift-read` }],
          clusters: [{ name: 'a' }],
        },
        unread: [{ account: OTHER, region: 'eu-central-1', what: 'eks:ListClusters', reason: 'denied' }],
      },
    ],
    [
      'are those of the regions that the account can use, where none is named',
      {
        clusters: { [`${OWN} eu-west-1`]: ['a'], [`${OWN} eu-central-1`]: ['b'], [`${OWN} us-east-1`]: ['not listed'] },
        enabled: ['eu-west-1', 'eu-central-1'],
      },
      { accounts: [OWN] },
      { scope: { clusters: [{ name: 'b' }, { name: 'a' }] }, unread: [] },
    ],
    [
      'are looked for in all regions where the account does not say; one that is not enabled is no failure',
      {
        clusters: { [`${OWN} eu-west-1`]: ['a'], [`${OWN} af-south-1`]: 'not enabled', [`${OWN} eu-west-2`]: 'denied' },
      },
      { accounts: [OWN] },
      { scope: { clusters: [{ name: 'a' }] }, unread: [{ account: OWN, region: 'eu-west-2' }] },
    ],
    [
      'are those of the active accounts of the organisation, by the role, with the names of the accounts',
      {
        organization: { [OWN]: 'ACTIVE', [OTHER]: 'ACTIVE', '333333333333': 'SUSPENDED' },
        enabled: ['eu-central-1'],
        clusters: { [`${OWN} eu-central-1`]: ['a'], [`${OTHER} eu-central-1`]: ['b'] },
        region: 'us-west-2',
      },
      { organization: true, role: 'read' },
      {
        scope: {
          accounts: [
            { id: OWN, name: `n${OWN}` },
            { id: OTHER, name: `n${OTHER}`, readRole: `arn:aws:iam::${OTHER}:role/read` },
          ],
          clusters: [{ name: 'a' }, { name: 'b' }],
        },
        skipped: [{ account: '333333333333', reason: 'n333333333333: the account is SUSPENDED' }],
        unread: [],
      },
    ],
    [
      'are none where the account cannot list the organisation: the survey says so',
      {},
      { organization: true, role: 'read' },
      { scope: { clusters: [] }, unread: [{ account: OWN, what: 'organizations:ListAccounts', reason: 'denied' }] },
    ],
    [
      'that an account denies in many regions are one entry',
      {
        enabled: ['eu-west-1', 'eu-west-2'],
        clusters: { [`${OWN} eu-west-1`]: 'denied', [`${OWN} eu-west-2`]: 'denied' },
      },
      { accounts: [OWN] },
      { unread: [{ account: OWN, message: 'in eu-west-1, eu-west-2: AccessDenied' }] },
    ],
    [
      'that AWS lists have the context that eksctl wrote',
      {
        clusters: { [`${OWN} eu-central-1`]: ['a'] },
        contexts: [{ name: 'me@a.eu-central-1.eksctl.io', cluster: 'a.eu-central-1.eksctl.io' }],
      },
      { regions: ['eu-central-1'] },
      { scope: { clusters: [{ name: 'a', context: 'me@a.eu-central-1.eksctl.io' }] } },
    ],
    [
      'can be named by ARN, without a list',
      {},
      { clusters: [arn('a', OTHER)] },
      { scope: { clusters: [{ arn: arn('a', OTHER), account: OTHER }] } },
    ],
  ])('%s', async (_what, there, wanted, expected) => {
    const found = await findClusters({ ...NONE, ...wanted }, world(there).live);
    expect(found).toMatchObject(expected);
  });

  it.each<[string, Parameters<typeof world>[0], Partial<Wanted>, string]>([
    ['the kubeconfig has none', {}, {}, 'the kubeconfig has no contexts. Add --region REGION'],
    [
      'a context is not there',
      { contexts: ['a'] },
      { contexts: ['b'] },
      'the kubeconfig has no context "b"; it has: a',
    ],
    [
      'a name is in no region',
      { clusters: { [`${OWN} eu-central-1`]: ['a'] } },
      { regions: ['eu-central-1'], clusters: ['b'] },
      `there is no cluster b in eu-central-1 of ${OWN}`,
    ],
  ])('are asked for where %s', async (_what, there, wanted, message) => {
    const found = findClusters({ ...NONE, ...wanted }, world(there).live);
    await expect(found).rejects.toThrow(UsageError);
    await expect(found).rejects.toThrow(message);
  });

  it('are listed with the role, once for each account and region', async () => {
    const { live, asked } = world({});
    const regions = ['eu-central-1', 'us-west-2'];
    await findClusters({ ...NONE, accounts: [OTHER], regions, role: 'read' }, live);
    expect(asked.sort()).toEqual(regions.map((of) => `${OTHER} ${of} arn:aws:iam::${OTHER}:role/read`));
  });
});
