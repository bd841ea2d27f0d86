import { parse } from 'yaml';
import type { AssociationFacts } from '../../../src/estate/aws/AwsPort';
import { remedyText } from '../../../src/cli/report';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { sameMeaning } from '../../../src/iam/sameMeaning';
import { newCluster } from '../../../src/operations/discover/clusterEntry';
import { waveFor } from '../../../src/operations/discover/waves';
import type { Cluster, Inventory, Wave } from '../../../src/inventory/Inventory';
import { clusterOf, environmentOf, workloadOf } from '../../blueprint/inventoryOf';
import { addonOf, serviceAccountOf } from '../facts';
import {
  arnOf,
  AUD,
  eksctlOidc,
  LEFT,
  MOVABLE,
  oidcOf,
  openPodIdentity,
  PROVIDER,
  type Shape,
  sub,
  TOGETHER,
  trustOf,
} from './shapes';
import {
  answered,
  clusterWithout,
  type Found,
  foundOf,
  inventoryWith,
  MAIN,
  noRole,
  NOW,
  proposalOf,
  refused,
  refusedRole,
  roleAnswers,
} from './foundOf';

const IRSA: Shape = {
  of: 'shop/api',
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
};
const ARN = arnOf('api');

const run = (found: Found, inventory?: Inventory, cluster?: Cluster) => proposalOf(found, inventory, cluster);
const only = (proposal: ReturnType<typeof run>) => {
  expect(proposal.left).toEqual([]);
  expect(proposal.workloads).toHaveLength(1);
  return proposal.workloads[0]!;
};
const reasonOf = (proposal: ReturnType<typeof run>) => {
  expect(proposal.workloads).toEqual([]);
  expect(proposal.left).toHaveLength(1);
  return proposal.left[0]!;
};

/** The stage that an entry and the waves of its proposal say. */
function stageOf({ workloads, waves }: ReturnType<typeof run>): unknown {
  const { wave, stage } = workloads[0]!.entry;
  if (wave === undefined) return stage;
  const stages = waves.find(({ key }) => key === wave)?.entry.stages as { prod: { stage: string } } | undefined;
  return stages?.prod.stage ?? 'irsa';
}

describe('what tools and people leave', () => {
  it.each(MOVABLE)('takes $of over at $found', (shape) => {
    const proposal = run(foundOf([shape]));
    const { entry, roleArn } = only(proposal);
    expect(stageOf(proposal)).toBe(shape.found);
    // Past irsa the entry says where the role stands: check holds it against that.
    expect(entry.found).toBe(shape.found === 'irsa' ? undefined : shape.found);
    expect(entry.role).toMatchObject({ name: shape.role.name, adopt: true });
    expect(entry.serviceAccount).toEqual({ name: shape.of.split('/')[1], manage: 'none' });
    expect(roleArn).toBe(arnOf(shape.role.name, shape.role.path));
  });

  const withoutShared = LEFT.filter(({ found, of }) => found !== 'proof' && of !== 'left/dangling');
  it.each(withoutShared)('leaves $of out: $found', (shape) => {
    const left = reasonOf(run(foundOf([shape])));
    expect(left.reason).toBe(shape.found);
    expect(left.message).not.toBe('');
    expect(remedyText(left.remedy)).not.toBe('');
    expect(left.docs).toBe(`docs/DISCOVER.md#${left.reason}`);
  });

  it('proposes one entry for both users of a shared role', () => {
    const { left, workloads } = run(foundOf(TOGETHER.filter(({ of }) => of.startsWith('together/shared'))));
    expect(left).toEqual([]);
    expect(workloads.map(({ key, entry }) => [key, entry.subjects?.length])).toEqual([['shared-a', 2]]);
  });
});

describe('an association that another tool owns', () => {
  const shape = MOVABLE.find(({ of }) => of === 'tf/pod-identity-module')!;
  const tagged = (tags: Readonly<Record<string, string>>) => only(run(foundOf([{ ...shape, association: { tags } }])));

  it.each([
    ['ack', { 'services.k8s.aws/namespace': 'shop' }],
    ['crossplane', { 'crossplane-kind': 'podidentityassociation.eks.aws.upbound.io' }],
    ['cloudformation', { 'aws:cloudformation:stack-name': 'pods' }],
  ])('stays with %s, so that no hand-over is asked for', (as, tags) => {
    const { entry, owners } = tagged(tags);
    expect(entry.association).toEqual({ manage: 'external', as });
    expect(owners).toBeUndefined();
  });

  it('is handed over by a tool whose objects adopt none', () => {
    const { entry, owners } = tagged({ 'managed-by': 'terraform' });
    expect(entry.association).toBeUndefined();
    expect(owners).toMatchObject([{ of: 'a-0', tool: 'terraform' }]);
  });
});

describe('the entry of a role', () => {
  it('has all that the role has, and AWS’s own tags not', () => {
    const shape = MOVABLE.find(({ of }) => of === 'tf/module-irsa')!;
    const tags = { ...shape.role.tags, 'aws:cloudformation:stack-name': 'x' };
    const { entry } = only(run(foundOf([{ ...shape, role: { ...shape.role, tags } }])));
    expect(entry.role).toEqual({
      name: shape.role.name,
      path: '/team/',
      adopt: true,
      description: shape.role.description,
      tags: { Terraform: 'true', Team: 'platform' },
      permissionsBoundary: shape.role.permissionsBoundary,
      maxSessionDuration: 7200,
      imports: { managedPolicies: shape.role.attached },
    });
    expect(entry.permissions).toEqual({
      managedPolicies: [shape.role.attached![0], 'service-role/AmazonEBSCSIDriverPolicy'],
    });
  });

  it('writes no trust that podlift would write the same', () => {
    expect(only(run(foundOf([IRSA]))).entry.role).toEqual({ name: 'api', adopt: true });
  });

  it('keeps the statements of others, and adopts its own where it reads otherwise', () => {
    const { entry } = only(run(foundOf([MOVABLE.find(({ of }) => of === 'tf/module-github')!])));
    expect(entry.role?.keepTrust?.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny']);
    expect(entry.role?.adoptedTrust).toBeUndefined();
    const named = { ...IRSA, role: { name: 'api', trust: trustOf({ Sid: 'Pods', ...eksctlOidc('shop', 'api') }) } };
    expect(only(run(foundOf([named]))).entry.role?.adoptedTrust).toEqual({
      oidc: [{ Sid: 'Pods', ...eksctlOidc('shop', 'api') }],
    });
  });

  it('says whom an adopted trust lets in besides', () => {
    const { entry, weak } = only(run(foundOf([MOVABLE.find(({ of }) => of === 'tf/iam-eks-role')!])));
    expect(weak).toMatch(/^tokens of oidc\.eks\..* with other subjects, by sub "system:serviceaccount:tf:gone"$/);
    expect(entry.role?.adoptedTrust?.because).toBe(`as found, the trust policy also allows ${weak}`);
  });

  it('imports the association, and writes that its session tags are off', () => {
    const { entry } = only(run(foundOf([MOVABLE.find(({ of }) => of === 'people/untagged')!])));
    expect(entry.sessionTags).toBe(false);
    expect(entry.role?.imports).toEqual({ associations: { main: 'a-0' } });
  });

  it.each([
    ['fargate-1', 'fargate', 'found on Fargate'],
    ['windows-1', 'windows', 'found on Windows'],
  ])('keeps what runs on %s at irsa, with the reason', (node, compute, because) => {
    const { entry } = only(run(foundOf([{ ...IRSA, node }])));
    expect(entry).toMatchObject({ stage: 'irsa', compute, because: expect.stringContaining(because) });
    expect(entry.wave).toBeUndefined();
  });

  describe('with objects of known controllers', () => {
    const [namespace = '', name = ''] = IRSA.of.split('/');
    const of = (account: string) => ({
      ...foundOf([IRSA]),
      customObjects: {
        'ocirepositories.source.toolkit.fluxcd.io': [
          { namespace, name: 'app', fields: { spec: { provider: 'aws', serviceAccountName: account } } },
        ],
      },
    });

    it('keeps an account at irsa whose mode never works on Pod Identity, with the reason', () => {
      const { entry } = only(run(of(name)));
      expect(entry.wave).toBeUndefined();
      expect(entry).toMatchObject({
        stage: 'irsa',
        because: `Flux requests a token for the service account for OCIRepository ${namespace}/app`,
      });
    });

    it('names each controller that keeps the account at irsa', () => {
      const fields = { spec: { decryption: { provider: 'sops', serviceAccountName: name } } };
      const auth = { jwt: { serviceAccountRef: { name } } };
      const found = of(name);
      const customObjects = {
        ...found.customObjects,
        'kustomizations.kustomize.toolkit.fluxcd.io': [{ namespace, name: 'apps', fields }],
        'secretstores.external-secrets.io': [
          { namespace, name: 'store', fields: { spec: { provider: { aws: { auth } } } } },
        ],
      };
      const { because } = only(run({ ...found, customObjects })).entry;
      expect(because).toMatch(
        /^External Secrets requests .*SecretStore .*\/store; Flux requests a token .*\/app, Kustomization .*\/apps$/,
      );
    });

    it('puts an account into a wave where the objects use another one', () => {
      const { entry } = only(run(of('other')));
      expect(entry.wave).toBeDefined();
      expect(entry.because).toBeUndefined();
    });
  });

  it.each([
    ['public.ecr.aws/aws-cli/aws-cli:2.15.30', { language: 'cli', version: '2.15.30' }],
    ['amazon/aws-cli:2.1.0@sha256:abc', { language: 'cli', version: '2.1.0' }],
    ['amazon/aws-cli:latest', undefined],
    ['python:3.12', undefined],
    ['evil/amazon/aws-cli:2.15.30', undefined],
  ])('takes the SDK from the image %s where it states one', (image, sdk) => {
    expect(only(run(foundOf([{ ...IRSA, image }]))).entry.sdk).toEqual(sdk);
  });
});

describe('keys and waves', () => {
  const named = (of: string): Shape => ({
    ...IRSA,
    of,
    role: { name: of.replace('/', '-'), trust: trustOf(eksctlOidc(...(of.split('/') as [string, string]))) },
  });

  it('names an entry after its service account', () => {
    expect(only(run(foundOf([named('shop/Api.v2'.toLowerCase())]))).key).toBe('api-v2');
  });

  it('puts the namespace before a name that several have', () => {
    const { workloads } = run(foundOf([named('a/app'), named('b/app'), named('b/web')]));
    expect(workloads.map(({ key }) => key)).toEqual(['a-app', 'b-app', 'web']);
  });

  it('goes on to other keys where one is taken, and gives up when all are', () => {
    const taken = (...takenKeys: string[]) => proposalOf(foundOf([IRSA]), undefined, undefined, { takenKeys });
    expect(only(taken('api')).key).toBe('shop-api');
    expect(only(taken('api', 'shop-api')).key).toBe('prod-shop-api');
    expect(reasonOf(taken('api', 'shop-api', 'prod-shop-api')).reason).toBe('key-taken');
  });

  const wave = (key: string, stages: Wave['stages'] = {}): Wave => ({ key, stages });
  it.each([
    ['is made where there is none', [], 'prod-main', 1],
    ['is used while it is at irsa', [wave('prod-main')], 'prod-main', 0],
    ['is passed by once it has left', [wave('prod-main', { prod: { stage: 'prepared' } })], 'prod-main-2', 1],
    [
      'is used where only another environment has left',
      [wave('prod-main', { dev: { stage: 'dual' } })],
      'prod-main',
      0,
    ],
  ])('the wave for irsa %s', (_what, waves, key, made) => {
    const proposal = run(foundOf([IRSA]), inventoryWith({}, { waves }));
    expect(only(proposal).entry.wave).toBe(key);
    expect(proposal.waves).toHaveLength(made);
  });

  it.each([
    ['prod', 'main', 'prod-main'],
    ['prod', 'prod-main', 'prod-main'],
    ['prod', 'prod', 'prod'],
    ['prod', 'production', 'prod-production'],
  ])('names the wave of %s and cluster %s without doubling: %s', (environment, cluster, key) => {
    for (const [addons, end] of [
      [false, ''],
      [true, '-addons'],
    ] as const) {
      const found = {
        inventory: inventoryWith(),
        environment: { key: environment },
        cluster: { key: cluster },
        now: NOW,
      };
      const [irsa, dual] = (['irsa', 'dual'] as const).map(
        (stage) => waveFor(found, stage, addons ? 'addons' : undefined)!.key,
      );
      expect([irsa, dual]).toEqual([`${key}${end}`, `${key}${end}-dual`]);
    }
  });

  it('says which wave is joined, with how many workloads', () => {
    const others = ['a', 'b'].map((one) => workloadOf({ key: one, wave: 'prod-main' }));
    const joined = (workloads: typeof others) =>
      run(foundOf([IRSA]), inventoryWith({ workloads }, { waves: [wave('prod-main')] })).notes.join();
    expect(joined(others)).toContain('join wave prod-main, which has 2 workloads');
    expect(joined([])).not.toContain('join');
  });

  it.each([
    ['is further on: its time is not theirs', { prod: { stage: 'dual' as const, since: '2026-01-01T00:00:00Z' } }],
    ['is still at irsa, where they are not', {}],
  ])('never takes a wave for dual that %s', (_what, stages) => {
    const dual = MOVABLE.find(({ found }) => found === 'dual')!;
    const proposal = run(foundOf([dual]), inventoryWith({}, { waves: [wave('prod-main-dual', stages)] }));
    expect(only(proposal).entry.wave).toBe('prod-main-dual-2');
    expect(proposal.waves[0]!.entry.stages).toEqual({ prod: { stage: 'dual', since: '2026-11-21T12:00:00Z' } });
  });
});

describe('what the inventory has', () => {
  const placed = (parts: Parameters<typeof workloadOf>[0]) =>
    inventoryWith({
      clusters: [MAIN, clusterOf({ key: 'batch' })],
      workloads: [
        workloadOf({ key: 'known', namespace: 'shop', serviceAccount: { name: 'api', manage: 'none' }, ...parts }),
      ],
    });

  it('is left alone', () => {
    const { left } = run(foundOf([{ ...IRSA, annotated: false, association: {} }]), placed({}));
    expect(left).toEqual([
      expect.objectContaining({
        reason: 'in-inventory',
        message: 'the inventory has it as workload "known"',
        agrees: true,
      }),
    ]);
    expect(left[0]!.remedy).toEqual([]);
  });

  it('gets the cluster where only that is missing', () => {
    const role = { ...workloadOf().role, name: 'api' };
    const batch = clusterOf({ key: 'batch' });
    const inventory = inventoryWith({
      clusters: [
        MAIN,
        { ...batch, oidc: { ...batch.oidc!, issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/BATCH' } },
      ],
      workloads: [
        workloadOf({
          key: 'known',
          namespace: 'shop',
          serviceAccount: { name: 'api', manage: 'none' },
          clusters: ['batch'],
          role,
        }),
      ],
    });
    // The other cluster is not in the answers: nothing is said about what it has.
    const left = reasonOf(run(foundOf([IRSA]), inventory));
    expect(left.reason).toBe('role-taken');
    expect(left.message).toContain('its cluster batch could not be read');
    expect(remedyText(left.remedy)).toContain('Leave the annotation and the association until then');
  });

  it('gets another service account that uses its role', () => {
    const role = { ...workloadOf().role, name: 'api' };
    const two: Shape = {
      ...IRSA,
      role: { name: 'api', trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:api', 'other:api'), ...AUD } })) },
    };
    const { edits, left } = run(foundOf([two]), placed({ namespace: 'other', role, stage: 'irsa' }));
    expect(left).toEqual([]);
    expect(edits[0]!.subjects.map(({ namespace }) => namespace)).toEqual(['other', 'shop']);
  });

  it.each([
    ['oidc', IRSA, 'oidc: { issuer:'],
    ['agent', MOVABLE.find(({ found }) => found === 'dual')!, 'agent'],
  ] as const)('says what its cluster lacks: %s', (field, shape, hint) => {
    const rest = clusterWithout(field);
    const left = reasonOf(run(foundOf([shape]), inventoryWith({ clusters: [rest] }), rest));
    expect(left.reason).toBe('cluster-entry');
    expect(remedyText(left.remedy)).toContain(hint);
  });

  it('is told where the cluster is otherwise', () => {
    const { notes } = run(foundOf([IRSA], { addons: answered([addonOf()]) }), inventoryWith(), {
      ...MAIN,
      version: '1.30',
    });
    expect(notes).toEqual([expect.stringContaining('version: "1.33"')]);
  });

  const INSTALLED = addonOf({ configuration: '{"agent":{"additionalArgs":{"-b":"169.254.170.23"}}}' });
  it('is told first to take over an agent that podlift cannot have made, with its live lines', () => {
    const { first } = run(foundOf([IRSA], { addons: answered([INSTALLED]) }));
    expect(first).toHaveLength(1);
    expect(first[0]!.message).toContain('a plan would add it, which EKS refuses');
    expect(parse(first[0]!.snippet)).toEqual({
      environments: {
        prod: {
          clusters: {
            main: {
              agent: {
                version: 'v1.3.4-eksbuild.1',
                configuration: { agent: { additionalArgs: { '-b': '169.254.170.23' } } },
                adopt: true,
              },
            },
          },
        },
      },
    });
  });

  it.each<[string, Partial<Cluster>, 'irsa' | 'dual', boolean]>([
    ['is taken over already', { agent: { version: 'v1', adopt: true } }, 'irsa', false],
    ['may be podlift’s, since a workload is past irsa', {}, 'dual', true],
  ])('is not told so where the agent %s', (_what, parts, stage, noted) => {
    const cluster = { ...MAIN, ...parts };
    const { first, notes } = run(
      foundOf([IRSA], { addons: answered([INSTALLED]) }),
      inventoryWith({ clusters: [cluster], workloads: [workloadOf({ key: 'other', stage })] }),
      cluster,
    );
    expect(first).toEqual([]);
    expect(notes.join().includes('agent.adopt: true')).toBe(noted);
  });

  it('says what its cluster lacks first, where that keeps something out', () => {
    const rest = clusterWithout('agent');
    const dual = MOVABLE.find(({ found }) => found === 'dual')!;
    const survey = foundOf([dual], { addons: answered([INSTALLED]) });
    expect(run(survey, inventoryWith({ clusters: [rest] }), rest).first[0]!.snippet).toContain('169.254.170.23');
    const calm = run({ ...survey, ...foundOf([IRSA]) }, inventoryWith({ clusters: [rest] }), rest);
    expect([calm.first, calm.notes]).toEqual([[], [expect.stringContaining('adopt: true')]]);
  });
});

describe('a cluster that the inventory does not have', () => {
  const environment = environmentOf({ clusters: [], workloads: [] });
  const bare = newCluster(environment, 'Prod_Main');

  it('is proposed as it was found, its agent taken over', () => {
    const survey = foundOf([IRSA], {
      addons: answered([addonOf({ configuration: '{"agent":{"additionalArgs":{"-b":"169.254.170.23"}}}' })]),
    });
    const proposal = run(survey, inventoryWith({ clusters: [] }), bare);
    expect(proposal.cluster).toEqual({
      key: 'prod-main',
      entry: {
        name: 'Prod_Main',
        version: '1.33',
        oidc: { issuer: MAIN.oidc!.issuer },
        agent: {
          version: 'v1.3.4-eksbuild.1',
          configuration: { agent: { additionalArgs: { '-b': '169.254.170.23' } } },
          adopt: true,
        },
      },
    });
    expect(proposal.notes[0]).toContain(bare.arn);
  });

  it('gets a key of its own', () => {
    expect(newCluster(environmentOf({ clusters: [clusterOf({ key: 'prod-main' })] }), 'Prod_Main').key).toBe(
      'prod-prod-main',
    );
  });
});

const ROOT = MOVABLE.find(({ of }) => of === 'people/account-root')!;

describe('questions without an answer', () => {
  it('names each question that has none', () => {
    const { blocked } = run(foundOf([IRSA], { nodes: refused('no'), addons: refused('neither') }));
    expect(blocked?.message).toContain('eks:ListAddons prod-main, get nodes');
    expect(remedyText(blocked!.remedy)).toContain('log in with credentials that allow get nodes');
  });

  it.each(['contextIssuer', 'oidcProvider', 'addons', 'associations', 'serviceAccounts', 'pods', 'nodes'] as const)(
    'proposes nothing without the answer to %s',
    (question) => {
      const proposal = run(foundOf([IRSA], { [question]: refused('no right to ask') }));
      expect(proposal.workloads).toEqual([]);
      expect(proposal.blocked?.rule).toBe('unanswered');
      expect(remedyText(proposal.blocked!.remedy)).toContain('denied: no right to ask');
    },
  );

  it.each([
    ['the role', IRSA, refusedRole('throttled')],
    ['its policies', IRSA, roleAnswers(IRSA, { policies: refused('throttled') })],
    ['whether it assumes itself', ROOT, undefined],
  ])('leaves a service account out without the answer about %s', (_what, shape, answers) => {
    const roles = answers && { roles: { [ARN]: answers } };
    const left = reasonOf(run(foundOf([shape], { managedPolicy: refused('throttled'), ...roles })));
    expect(left.reason).toBe('unanswered');
    expect(left.message).toContain('throttled');
  });

  it.each([
    ['no-cluster', { cluster: answered(undefined) }],
    ['unanswered', { cluster: refused() }],
    ['other-cluster', { contextIssuer: answered('https://oidc.eks.us-west-2.amazonaws.com/id/OTHER') }],
  ] as const)('is blocked: %s', (rule, parts) => {
    expect(run(foundOf([IRSA], parts)).blocked?.rule).toBe(rule);
  });

  it('is blocked where the inventory means a cluster of another issuer', () => {
    const other = { ...MAIN, oidc: { ...MAIN.oidc!, issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/OLD' } };
    expect(run(foundOf([IRSA]), inventoryWith({ clusters: [other] }), other).blocked?.rule).toBe('cluster-differs');
  });
});

describe('what is no stage, or nobody’s to move', () => {
  const association = (parts: Partial<AssociationFacts> = {}): AssociationFacts => ({
    id: 'a-1',
    namespace: 'shop',
    serviceAccount: 'api',
    roleArn: ARN,
    disableSessionTags: false,
    tags: {},
    ...parts,
  });
  const accounts = (arn: string) => answered([serviceAccountOf('shop', 'api', { 'eks.amazonaws.com/role-arn': arn })]);

  it.each<[string, string, Partial<Found>]>([
    ['two-roles', 'different roles', { associations: answered([association({ roleArn: arnOf('other') })]) }],
    ['bad-annotation', 'a bucket', { serviceAccounts: accounts('arn:aws:s3:::bucket') }],
    [
      'bad-annotation',
      'an ARN without its path',
      { roles: { [ARN]: roleAnswers({ role: { ...IRSA.role, path: '/team/' } }) } },
    ],
    ['role-missing', 'a role that is gone', { roles: { [ARN]: noRole } }],
    ['no-oidc-provider', 'no provider in IAM', { oidcProvider: answered(undefined) }],
    [
      'no-oidc-provider',
      'a provider for another audience',
      { oidcProvider: answered({ arn: '', audiences: ['other'] }) },
    ],
    [
      'owned',
      'an association of another service',
      { associations: answered([association({ ownerArn: 'arn:aws:x:us-west-2:333333333333:thing/1' })]) },
    ],
  ])('%s: %s', (reason, _what, parts) => {
    expect(reasonOf(run(foundOf([IRSA], parts))).reason).toBe(reason);
  });

  it('leaves an association that an add-on owns to it, with the entries for both', () => {
    const shape = MOVABLE.find(({ of }) => of === 'people/console')!;
    const ownerArn = 'arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/1';
    const left = reasonOf(run(foundOf([{ ...shape, association: { ownerArn } as object }])));
    expect(left.reason).toBe('addon');
    expect(left.snippet).toContain('aws-ebs-csi-driver:');
    expect(left.snippet).not.toContain('associations:');
  });

  it('takes an empty annotation for none', () => {
    const { left, workloads } = run(foundOf([IRSA], { serviceAccounts: accounts('') }));
    expect([left, workloads]).toEqual([[], []]);
  });

  it('says which second service account a trust names, whether it exists or not', () => {
    const two: Shape = {
      ...IRSA,
      role: { name: 'api', trust: trustOf(oidcOf({ StringEquals: { ...sub('shop:api', 'shop:web'), ...AUD } })) },
    };
    const survey = foundOf([two]);
    const both = survey.serviceAccounts.ok ? [...survey.serviceAccounts.value, serviceAccountOf('shop', 'web')] : [];
    const named = only(run({ ...survey, serviceAccounts: answered(both) }));
    expect(named.weak).toContain('shop:web');
    expect(named.notes.join()).toContain('also names shop/web');
    expect(only(run(survey)).weak).toContain('shop:web');
  });

  it('says in its notes what stands there besides', () => {
    const gone = only(
      run(foundOf([MOVABLE.find(({ of }) => of === 'people/console')!], { serviceAccounts: answered([]) })),
    );
    expect(gone.notes.join()).toContain('no service account people/console yet');
    expect(only(run(foundOf([MOVABLE.find(({ of }) => of === 'cdk/pod-identity')!]))).notes.join()).toContain(
      'remove the annotation',
    );
    expect(only(run(foundOf([IRSA], { pods: answered([]) }))).notes.join()).toContain('No pod uses it now');
  });

  it('says that the catalogue can give the permissions of a controller that it knows, and keeps those that it found', () => {
    const image = 'registry.k8s.io/external-dns/external-dns:v0.15.0';
    const known = only(run(foundOf([{ ...IRSA, image }])));
    const other = only(run(foundOf([IRSA])));
    expect(known.notes.join()).toContain('It looks like external-dns (image). `use: [external-dns]`');
    expect(other.notes.join()).not.toContain('use:');
    expect(known.entry.permissions).toEqual(other.entry.permissions);
  });

  it('does not take a Deny that keeps the workload out for a way in', () => {
    const denied: Shape = {
      ...IRSA,
      role: {
        name: 'api',
        trust: trustOf(eksctlOidc('shop', 'api'), {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sts:AssumeRoleWithWebIdentity',
        }),
      },
    };
    expect(reasonOf(run(foundOf([denied]))).reason).toBe('not-let-in');
  });

  it('does not look at pods that have ended', () => {
    const survey = foundOf([{ ...IRSA, node: 'fargate-1' }]);
    const pods = survey.pods.ok ? survey.pods.value.map((pod) => ({ ...pod, phase: 'Succeeded' })) : [];
    expect(only(run({ ...survey, pods: answered(pods) })).entry.compute).toBeUndefined();
  });

  it.each([
    ['an Id', { ...IRSA.role.trust, Id: 'mine' }, { id: 'mine' }],
    ['the old version', { ...IRSA.role.trust, Version: '2008-10-17' as const }, { version: '2008-10-17' }],
    ['no version', { Statement: IRSA.role.trust.Statement }, { version: 'none' }],
    ['an empty Id, which is none', { ...IRSA.role.trust, Id: '' }, undefined],
  ])('carries %s of a trust policy', (_what, trust, adoptedTrust) => {
    const { entry } = only(run(foundOf([{ ...IRSA, role: { ...IRSA.role, trust } }])));
    expect(entry.role?.adoptedTrust).toEqual(adoptedTrust);
  });

  it('does not call a service wrong that AWS accepted', () => {
    const withService = (Service: string): Shape => {
      const other = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } } as const;
      return { ...IRSA, role: { ...IRSA.role, trust: trustOf(...[IRSA.role.trust.Statement].flat(), other) } };
    };
    expect(only(run(foundOf([withService('events2.amazonaws.com')]))).entry.role?.keepTrust).toHaveLength(1);
    expect(reasonOf(run(foundOf([withService('event.amazonaws.com')])))).toMatchObject({
      reason: 'trust-form',
      message:
        'the inventory cannot have the trust policy as it is: podlift does not know the service "event.amazonaws.com", and takes it for events.amazonaws.com',
    });
  });

  it('leaves a statement alone that lets Pod Identity in together with others', () => {
    const mixed: Shape = {
      ...IRSA,
      association: {},
      role: {
        name: 'api',
        trust: trustOf(eksctlOidc('shop', 'api'), {
          ...openPodIdentity,
          Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] },
        }),
      },
    };
    expect(reasonOf(run(foundOf([mixed]))).reason).toBe('trust-mixed');
  });

  it.each<[string, Partial<Shape>, Statement]>([
    [
      'the pods of Pod Identity and nodes',
      { association: {} },
      { ...openPodIdentity, Sid: 'Both', Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } },
    ],
    [
      'two providers',
      {},
      {
        ...eksctlOidc('shop', 'api'),
        Principal: { Federated: [PROVIDER, PROVIDER.replace(/A{32}/, 'B'.repeat(32))] },
      },
    ],
    ['tokens and a role', {}, { ...eksctlOidc('shop', 'api'), Principal: { Federated: PROVIDER, AWS: arnOf('ci') } }],
  ])('divides a statement for %s by a command that changes nobody’s access, and adopts the role then', (...one) => {
    const [, parts, statement] = one;
    const shape = (trust: PolicyDocument): Shape => ({ ...IRSA, ...parts, role: { name: 'api', trust } });
    const rest = parts.association ? [eksctlOidc('shop', 'api')] : [];
    const { reason, remedy, message } = reasonOf(run(foundOf([shape(trustOf(...rest, statement))])));
    expect([reason, message]).toEqual([
      'trust-mixed',
      expect.stringMatching(new RegExp(`: statement ${rest.length}$`)),
    ]);
    const [command] = remedy.flatMap((step) => ('run' in step ? [step.run] : []));
    expect(command?.slice(0, 3)).toEqual(['aws', 'iam', 'update-assume-role-policy']);
    const trust = JSON.parse(command!.at(-1)!) as PolicyDocument;
    expect(sameMeaning(trust, trustOf(...rest, statement))).toBe(true);
    const { entry } = only(run(foundOf([shape(trust)])));
    expect(entry.role!.keepTrust).toHaveLength(1);
  });

  it('says which provider or service a trust policy should name, and not whom it names', () => {
    const other = { ...eksctlOidc('shop', 'api'), Principal: { Federated: PROVIDER.replace(/A{32}/, 'B'.repeat(32)) } };
    const left = (shape: Partial<Shape>, trust: PolicyDocument) =>
      reasonOf(run(foundOf([{ ...IRSA, ...shape, role: { name: 'api', trust } }]))).message;
    expect(left({}, trustOf(other))).toMatch(new RegExp(`no statement of its trust policy names ${PROVIDER}$`));
    expect(left({}, trustOf(other))).not.toContain('B'.repeat(32));
    expect(left({ annotated: false, association: {} }, trustOf(other))).toMatch(/names pods\.eks\.amazonaws\.com$/);
  });

  it('advises a value only where the requests of the pods have the key', () => {
    const left = (Condition: NonNullable<Statement['Condition']>) => {
      const trust = trustOf({ ...openPodIdentity, Condition });
      const shape: Shape = { ...IRSA, annotated: false, association: {}, role: { name: 'api', trust } };
      return remedyText(reasonOf(run(foundOf([shape]))).remedy);
    };
    expect(left({ StringEquals: { 'aws:SourceAccount': '999999999999' } })).toContain('add the missing value');
    expect(left({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } })).not.toContain('value');
  });

  it('says what an audience means for the pods, and what to change only if they do not ask for it', () => {
    const trust = trustOf(oidcOf({ StringEquals: { ...sub('shop:api'), [Object.keys(AUD)[0]!]: 'amazonaws.com' } }));
    const left = reasonOf(run(foundOf([{ ...IRSA, role: { name: 'api', trust } }])));
    expect(left.reason).toBe('could-not-be-checked');
    expect(remedyText(left.remedy)).toMatch(/leave all as it is.*add "sts\.amazonaws\.com" to this condition/);
  });

  it('carries an empty list, without which the statement would admit everybody', () => {
    const empty = oidcOf({ StringEquals: { ...AUD, [Object.keys(sub())[0]!]: [] } });
    const { entry } = only(
      run(foundOf([{ ...IRSA, role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api'), empty) } }])),
    );
    expect(entry.role!.keepTrust).toEqual([empty]);
  });
});
