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
const NONE: Wanted = { contexts: [], accounts: [], regions: [], clusters: [] };

/** A world with clusters by `ACCOUNT REGION`, and contexts whose clusters have issuers. */
function world({
  clusters = {},
  contexts = [],
  issuers = {},
  region,
}: {
  readonly clusters?: Readonly<Record<string, readonly string[] | 'denied'>>;
  readonly contexts?: readonly (KubeContext | string)[];
  /** Of a context that is not here, the issuer cannot be read. */
  readonly issuers?: Readonly<Record<string, string>>;
  readonly region?: string;
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
            return Promise.resolve(names === 'denied' ? denied : { ok: true, value: names });
          },
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
      { scope: { clusters: [] }, unread: [{ context: 'prod', account: OWN, region: 'eu-central-1' }] },
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
    ['no region is known', {}, { accounts: [OWN] }, 'name the region of the clusters with --region'],
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
