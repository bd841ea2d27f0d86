import { existsSync, readFileSync } from 'node:fs';
import { compileLoaded } from '../../../src/blueprint/compileLoaded';
import { sectionsText } from '../../../src/inventory/edit/entryLines';
import { proveInventory } from '../../../src/proof/proveInventory';
import { textForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import type { Survey, SurveyedAccount } from '../../../src/operations/survey/Survey';
import { surveyOf, surveyQuestions } from '../../../src/operations/survey/surveyOf';
import { clusterOfArn } from '../../../src/operations/survey/surveyInventory';
import { BATCH, twoClusters } from '../discover/checked';
import { answered, estateOf, type Found, foundOf, MAIN, noRole, refused } from '../discover/foundOf';
import {
  arnOf,
  AUD,
  eksctlOidc,
  GITHUB,
  LEFT,
  MOVABLE,
  oidcOf,
  openPodIdentity,
  ownPodIdentity,
  type Shape,
  sub,
  TOGETHER,
  trustOf,
} from '../discover/shapes';
import { containerOf, serviceAccountOf, templateOf } from '../facts';

const SCOPE = { accounts: [{ id: '333333333333' }], clusters: [clusterOfArn(MAIN.arn)!] };
const IRSA: Shape = {
  of: 'shop/api',
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
};
const surveyed = (shapes: readonly Shape[], parts: Partial<Found> = {}, scope = SCOPE): Survey =>
  surveyOf(scope, estateOf(foundOf(shapes, parts)));
const only = ({ serviceAccounts }: Survey): SurveyedAccount => {
  expect(serviceAccounts).toHaveLength(1);
  return serviceAccounts[0]!;
};
const rules = ({ blockers }: SurveyedAccount) => blockers.map(({ rule, stops }) => `${rule}${stops ? '' : ' (care)'}`);
/** Pods of one service account, with changes. */
const podsWith = (shape: Shape, parts: object, container = {}): Partial<Found> => {
  const { pods } = foundOf([shape]);
  if (!pods.ok) throw new Error('no pods');
  return {
    pods: answered(pods.value.map((pod) => ({ ...pod, ...parts, containers: [containerOf({ ...container })] }))),
  };
};

describe('a survey', () => {
  it('names the controller of the catalogue that a service account looks like', () => {
    const image = 'registry.k8s.io/external-dns/external-dns:v0.15.0';
    expect(only(surveyed([{ ...IRSA, image }])).use).toEqual(['external-dns']);
    expect(only(surveyed([IRSA])).use).toEqual([]);
  });

  it('proposes an inventory without errors that changes nothing, for every form of role that discover can adopt', () => {
    const { inventory, serviceAccounts } = surveyed([...MOVABLE, ...LEFT, ...TOGETHER]);
    const { loaded } = textForEdit('inventory.yaml', sectionsText(inventory));
    expect(compileLoaded(loaded).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(proveInventory(loaded.inventory!, {}).failures).toEqual([]);
    const workloads = serviceAccounts.filter(({ workload }) => workload !== undefined);
    expect(workloads.length).toBeGreaterThan(15);
    // Each service account is in an entry, or has the reason why not.
    for (const one of serviceAccounts) expect([one.name, one.workload ?? rules(one)[0]]).not.toContain(undefined);
  });

  it.each<[string, Shape['role']['trust'], readonly string[]]>([
    ['one service account', trustOf(eksctlOidc('shop', 'api')), ['tight']],
    ['one service account, by what podlift writes', trustOf(ownPodIdentity('shop', 'api')), ['tight']],
    [
      'a second one by its name',
      trustOf(oidcOf({ StringEquals: { ...sub('shop:api', 'shop:web'), ...AUD } })),
      ['shared'],
    ],
    ['all of a namespace', trustOf(oidcOf({ StringLike: sub('shop:*'), StringEquals: AUD })), ['wildcard']],
    ['a pipeline', trustOf(eksctlOidc('shop', 'api'), GITHUB), ['shared']],
    ['whoever may create an association', trustOf(openPodIdentity), ['wildcard']],
    [
      'another account',
      trustOf(eksctlOidc('shop', 'api'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:aws:iam::999999999999:root' },
      }),
      ['cross-account'],
    ],
    [
      'everybody',
      trustOf(eksctlOidc('shop', 'api'), { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }),
      expect.arrayContaining(['open']),
    ],
  ])('says whom the trust policy allows: %s', (_what, trust, expected) => {
    const byOidc = JSON.stringify(trust).includes('Federated');
    const shape = { ...IRSA, annotated: byOidc, ...(!byOidc && { association: {} }), role: { name: 'api', trust } };
    expect(only(surveyed([shape])).role?.trust).toEqual(expected);
  });

  it.each<[string, Partial<Found>, Shape, readonly string[]]>([
    ['nothing', {}, IRSA, []],
    ['Fargate', {}, { ...IRSA, node: 'fargate-1' }, ['fargate']],
    ['Windows', {}, { ...IRSA, node: 'windows-1' }, ['windows']],
    [
      'an old image',
      podsWith(IRSA, {}, { image: 'registry.k8s.io/external-dns/external-dns:v0.10.0' }),
      IRSA,
      ['old-sdk'],
    ],
    [
      'another audience',
      {
        serviceAccounts: answered([
          serviceAccountOf('shop', 'api', {
            'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/api',
            'eks.amazonaws.com/audience': 'https://example.com',
          }),
        ]),
        oidcProvider: answered({
          arn: `arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${'A'.repeat(32)}`,
          audiences: ['sts.amazonaws.com', 'https://example.com'],
        }),
      },
      { ...IRSA, role: { name: 'api', trust: trustOf(oidcOf({ StringEquals: sub('shop:api') })) } },
      ['custom-audience (care)'],
    ],
    [
      'hard-coded variables',
      podsWith(IRSA, {}, { env: { AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/other' } }),
      IRSA,
      ['hard-coded'],
    ],
    ['an old AWS CLI', {}, { ...IRSA, image: 'amazon/aws-cli:2.1.0' }, ['old-sdk']],
    ['a new AWS CLI', {}, { ...IRSA, image: 'amazon/aws-cli:2.15.30' }, []],
    ['a profile', podsWith(IRSA, {}, { earlier: ['AWS_PROFILE'] }), IRSA, ['profile (care)']],
    [
      'the shared files of AWS',
      podsWith(IRSA, {}, { awsFiles: [{ path: '/root/.aws', from: 'secret aws' }] }),
      IRSA,
      ['profile (care)'],
    ],
    ['keys', podsWith(IRSA, {}, { earlier: ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'] }), IRSA, ['keys']],
    [
      'another tool that owns the role',
      {},
      { ...IRSA, role: { ...IRSA.role, tags: { 'managed-by': 'terraform' } } },
      ['other-owner (care)'],
    ],
    ['a role that does not exist', { roles: { [arnOf('api')]: noRole } }, IRSA, ['role-missing']],
    [
      'another role of the association',
      {},
      { ...IRSA, association: { roleArn: 'arn:aws:iam::333333333333:role/other' } },
      ['two-roles'],
    ],
  ])('names what keeps a service account: %s', (_what, parts, shape, expected) => {
    const one = only(surveyed([shape], parts));
    expect(rules(one)).toEqual(expected);
    for (const { message, remedy, docs } of one.blockers) {
      expect([message, remedy.length]).not.toContain('');
      const [file = '', anchor = ''] = docs.split('#');
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^#+ .*\\b${anchor}\\b`, 'm'));
    }
  });

  it('does not tell anybody to remove the variables of another role, which the pods use', () => {
    const env = { AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/other', AWS_WEB_IDENTITY_TOKEN_FILE: '/t' };
    const [blocker] = only(surveyed([IRSA], podsWith(IRSA, {}, { env }))).blockers;
    expect(blocker?.remedy[0]).toEqual({
      say: expect.stringContaining('The pods use arn:aws:iam::333333333333:role/other'),
    });
  });

  it('names the objects of controllers that use the role, and whether they stop it', () => {
    const objects = (provider: string) => ({
      customObjects: {
        'scaledobjects.keda.sh': [
          {
            namespace: 'shop',
            name: 'queue',
            fields: {
              spec: {
                scaleTargetRef: { name: 'api' },
                triggers: [{ type: 'aws-sqs-queue', authenticationRef: { name: 'aws' } }],
              },
            },
          },
        ],
        'triggerauthentications.keda.sh': [
          { namespace: 'shop', name: 'aws', fields: { spec: { podIdentity: { provider } } } },
        ],
      },
      ...podsWith(IRSA, { owner: { kind: 'Deployment', name: 'api' } }),
    });
    const stuck = only(surveyed([IRSA], objects('aws-eks')));
    expect([stuck.readers, rules(stuck)]).toEqual([
      [{ kind: 'ScaledObject', namespace: 'shop', name: 'queue' }],
      ['stays'],
    ]);
    expect(stuck.blockers[0]?.message).toContain('KEDA reads the annotation for ScaledObject shop/queue');
    expect(only(surveyed([IRSA], objects('aws')))).toMatchObject({ readers: [], blockers: [] });
  });

  it('sees variables that a template sets, also where no pod runs', () => {
    const estate = estateOf(foundOf([IRSA], { pods: answered([]) }));
    const env = { AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/api' };
    const job = templateOf({
      namespace: 'shop',
      serviceAccount: 'api',
      kind: 'CronJob',
      name: 'api',
      containers: [containerOf({ env })],
    });
    const templates = { '*': { at: estate.at, value: [job] } };
    const clusters = { [MAIN.arn]: { ...estate.clusters[MAIN.arn], templates } };
    const one = only(surveyOf(SCOPE, { ...estate, clusters }));
    expect([rules(one), one.owners]).toEqual([['hard-coded'], [{ kind: 'CronJob', name: 'api' }]]);
  });

  it.each([
    ['arn:aws:eks:us-west-2:333333333333:cluster/main', true],
    ['arn:aws-cn:eks:cn-north-1:333333333333:cluster/main', true],
    ['arn:aws-iso:eks:us-iso-east-1:333333333333:cluster/main', false],
    ['arn:aws:eks:cn-north-1:333333333333:cluster/main', false],
    ['arn:aws:eks:nowhere:333333333333:cluster/main', false],
    ['arn:aws:eks:us-west-2:333333333333:nodegroup/main', false],
    ['prod', false],
  ])('takes %s for the ARN of a cluster that it can read: %s', (arn, expected) => {
    expect(clusterOfArn(arn) !== undefined).toBe(expected);
  });

  it('shows service accounts without a role by the names of their variables, and those of known controllers as users of the node role', () => {
    const bare = (name: string) => serviceAccountOf('shop', name);
    const pod = (name: string, container: object) => ({
      ...(foundOf([{ ...IRSA, of: `shop/${name}` }]).pods as { value: readonly object[] }).value[0],
      containers: [containerOf(container)],
    });
    const { serviceAccounts, clusters } = surveyed([], {
      serviceAccounts: answered(['keyed', 'manual', 'dns', 'plain'].map(bare)),
      pods: answered([
        pod('keyed', { earlier: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'] }),
        pod('manual', { env: { AWS_ROLE_ARN: 'arn:aws:iam::333333333333:role/x', AWS_WEB_IDENTITY_TOKEN_FILE: '/t' } }),
        pod('dns', { image: 'registry.k8s.io/external-dns/external-dns:v0.15.0' }),
        pod('plain', {}),
      ] as never),
    });
    expect(serviceAccounts.map(({ name, access, variables }) => [name, access, variables])).toEqual([
      ['dns', 'node-role', []],
      ['keyed', 'keys', ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']],
      ['manual', 'variables', ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']],
    ]);
    expect(clusters[0]!.counts).toEqual({ 'node-role': 1, keys: 1, variables: 1, none: 1 });
  });

  it('puts the easiest first: each wave comes after the one before it, and nothing in a wave is lost', () => {
    const shape = (name: string, trust = eksctlOidc('shop', name), tags = {}): Shape => ({
      ...IRSA,
      of: `shop/${name}`,
      role: { name, trust: trustOf(trust), tags, inline: name === 'hop' ? HOP : {} },
    });
    const HOP = {
      hop: trustOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::444444444444:role/far' }),
    };
    const shapes = [
      shape('single'),
      shape('hop'),
      shape('nightly'),
      shape('owned', undefined, { 'managed-by': 'terraform' }),
      shape('pilot'),
      { ...shape('stuck'), image: 'registry.k8s.io/external-dns/external-dns:v0.10.0' },
    ];
    const found = foundOf(shapes);
    const pods = (found.pods as { value: readonly { serviceAccount: string; name: string }[] }).value;
    const estate = estateOf({
      ...found,
      pods: answered(
        pods.flatMap((pod) =>
          pod.serviceAccount === 'pilot'
            ? [pod, { ...pod, name: 'pilot-1' }].map((one) => ({
                ...one,
                owner: { kind: 'Deployment', name: 'pilot' },
              }))
            : pod.serviceAccount === 'nightly'
              ? []
              : [pod],
        ) as never,
      ),
    });
    const cluster = estate.clusters[MAIN.arn]!;
    const templates = {
      '*': {
        at: estate.at,
        value: [templateOf({ namespace: 'shop', serviceAccount: 'nightly', kind: 'CronJob', name: 'nightly' })],
      },
    };
    const { waves, inventory } = surveyOf(SCOPE, { ...estate, clusters: { [MAIN.arn]: { ...cluster, templates } } });
    expect(waves.map(({ key, order, workloads }) => [key, order, workloads])).toEqual([
      ['account-333333333333-1-pilot', 1, ['pilot']],
      ['account-333333333333-2-single', 2, ['single']],
      ['account-333333333333-3-scheduled', 3, ['nightly']],
      ['account-333333333333-4-hops', 4, ['hop']],
      ['account-333333333333-5-careful', 5, ['owned']],
      ['account-333333333333-6-fix-first', 6, ['stuck']],
    ]);
    const written = inventory.waves as Record<string, { after?: string }>;
    expect(Object.values(written).map(({ after }) => after)).toEqual([
      undefined,
      ...waves.slice(0, -1).map(({ key }) => key),
    ]);
  });

  it('keeps what stands at a later stage in waves of its own', () => {
    const dual = {
      ...IRSA,
      association: {},
      role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api'), openPodIdentity) },
    };
    const { inventory, waves, serviceAccounts } = surveyed([dual]);
    expect(waves).toEqual([]);
    expect(only({ serviceAccounts } as Survey)).toMatchObject({
      access: 'both',
      stage: 'dual',
      wave: expect.stringContaining('dual'),
    });
    expect(Object.values(inventory.waves as Record<string, object>)).toEqual([
      expect.objectContaining({ stages: { 'account-333333333333': expect.objectContaining({ stage: 'dual' }) } }),
    ]);
  });

  it('gives a role that two clusters use one entry with both', () => {
    const estate = twoClusters(
      [{ ...IRSA, role: { name: 'api', trust: trustOf(openPodIdentity) }, annotated: false, association: {} }],
      [{ ...IRSA, role: { name: 'api', trust: trustOf(openPodIdentity) }, annotated: false, association: {} }],
    );
    const scope = { ...SCOPE, clusters: [BATCH.arn, MAIN.arn].map((arn) => clusterOfArn(arn)!) };
    const { inventory, serviceAccounts, unread } = surveyOf(scope, estate);
    expect(unread).toEqual([]);
    expect(Object.values(inventory.workloads as Record<string, object>)).toEqual([
      expect.objectContaining({ clusters: ['prod-batch', 'prod-main'] }),
    ]);
    expect(serviceAccounts.map(({ workload }) => workload)).toEqual(['api', 'api']);
  });

  it('goes on where a cluster or a list is denied, and names it', () => {
    const estate = twoClusters([IRSA], [], { pods: refused('pods is forbidden') });
    const scope = { ...SCOPE, clusters: [BATCH.arn, MAIN.arn].map((arn) => clusterOfArn(arn)!) };
    const { clusters, serviceAccounts, unread, inventory } = surveyOf(scope, estate);
    expect(unread).toEqual([
      expect.objectContaining({ cluster: BATCH.arn, message: expect.stringContaining('get pods -A') }),
    ]);
    expect(clusters.map(({ facts }) => facts !== undefined)).toEqual([false, true]);
    expect(only({ serviceAccounts } as Survey)).toMatchObject({ cluster: MAIN.arn, workload: 'api' });
    expect(JSON.stringify(inventory.environments)).not.toContain('prod-batch');
  });

  it('keeps the context of a cluster that has another name than its ARN', () => {
    const scope = { ...SCOPE, clusters: [{ ...clusterOfArn(MAIN.arn)!, context: 'prod' }] };
    const { inventory } = surveyed([IRSA], {}, scope);
    expect(inventory.environments).toMatchObject({
      'account-333333333333': { clusters: { 'prod-main': { kubernetes: { context: 'prod' } } } },
    });
  });

  it('names accounts as the organisation does, and keeps the role by which podlift reads them', () => {
    const readRole = 'arn:aws:iam::333333333333:role/podlift-read';
    const accounts = [{ id: '333333333333', name: 'Apps (prod)', readRole }];
    const { inventory } = surveyed([IRSA], {}, { ...SCOPE, accounts });
    expect(inventory).toMatchObject({
      accounts: { 'apps-prod': { id: '333333333333', readRole } },
      environments: { 'apps-prod': { account: 'apps-prod', region: 'us-west-2' } },
    });
  });

  it('says once of each cluster when it is read', () => {
    const ask = surveyQuestions(SCOPE);
    const estate = estateOf(foundOf([IRSA]));
    const read: string[] = [];
    expect(ask({ ...estate, clusters: {} }, ({ name }) => read.push(name))).not.toEqual([]);
    expect(read).toEqual([]);
    for (let count = 0; count < 2; count++) expect(ask(estate, ({ name }) => read.push(name))).toEqual([]);
    expect(read).toEqual(['prod-main']);
  });
});
