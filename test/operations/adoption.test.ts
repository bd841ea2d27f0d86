import { compileWorkload } from '../../src/blueprint/compileWorkload';
import type { Inventory, Stage } from '../../src/inventory/Inventory';
import { doctor, doctorQuestions } from '../../src/operations/doctor/doctor';
import { collectEvidence } from './gate/gateText';
import { roleSettingsOf, workloadOf, type WorkloadParts } from '../blueprint/inventoryOf';
import { remedyText } from '../../src/cli/report';
import { driftOf as driftIn } from './drift/driftOf';
import { agreedWorld, NOW, pilotAt, portsTo, type Setting, type World } from './agreedWorld';
import { estateOf } from './estateOf';

// An adopted role that no apply of podlift's has touched: what the gate and drift say before the first one.

const KEY = '333333333333/prod-orders-api';
const GITHUB = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
} as const;

interface Case {
  /** The inventory's stage. Default: irsa. */
  readonly stage?: Stage;
  readonly workload?: WorkloadParts;
  /** The stage at which AWS has the role. Default: irsa. */
  readonly aws?: Stage;
  readonly change?: (world: World) => void;
}

function worldOf({ stage = 'irsa', workload = {}, aws = 'irsa', change }: Case) {
  const adopted = { role: roleSettingsOf({ adopt: true }), ...workload };
  const inventory = pilotAt(stage, { workload: adopted });
  const there = pilotAt(aws, { workload: adopted });
  const world = agreedWorld(there);
  const { role } = compileWorkload(there.environments[0]!, there.environments[0]!.workloads[0]!);
  world.roles[KEY] = { ...world.roles[KEY]!, trust: role.trust, tags: {} };
  change?.(world);
  return { inventory, world };
}

async function gateOf(one: Case) {
  const { inventory, world } = worldOf(one);
  const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
  const { evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
  return evidence;
}

async function driftOf(one: Case) {
  const { inventory, world } = worldOf(one);
  const { differences } = await driftIn(inventory, world);
  return differences;
}

describe('before the first apply of an adopted role, the gate', () => {
  it.each<[string, (world: World) => void, RegExp]>([
    [
      'tags',
      ({ roles }) => (roles[KEY] = { ...roles[KEY]!, tags: { team: 'shop' } }),
      /^the first apply removes tags team$/,
    ],
    [
      'a description',
      ({ roles }) => (roles[KEY] = { ...roles[KEY]!, description: 'of the shop' }),
      /removes description "of the shop"$/,
    ],
    [
      'a statement of its trust policy',
      ({ roles }) => {
        const { trust } = roles[KEY]!;
        roles[KEY] = { ...roles[KEY]!, trust: { ...trust, Statement: [trust.Statement, GITHUB].flat() } };
      },
      /removes 1 statement of its trust policy$/,
    ],
    [
      'a part of an inline policy',
      ({ rolePolicies }) =>
        (rolePolicies[KEY] = {
          attached: [],
          inline: {
            podlift: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
          },
        }),
      /removes permissions of inline policies podlift$/,
    ],
    [
      'a permissions boundary',
      ({ roles }) => (roles[KEY] = { ...roles[KEY]!, permissionsBoundary: 'arn:aws:iam::333333333333:policy/b' }),
      /removes permissions boundary arn:aws:iam::333333333333:policy\/b$/,
    ],
    [
      'a longer session',
      ({ roles }) => (roles[KEY] = { ...roles[KEY]!, maxSessionDuration: 43_200 }),
      /removes session duration 43200 seconds$/,
    ],
  ])('fails where the entry lacks %s, and says where to write it', async (_, change, found) => {
    const [adoption] = (await gateOf({ change })).filter(({ check }) => check === 'adoption');
    expect(adoption).toMatchObject({
      holds: 'no',
      found: expect.stringMatching(found),
      remedy: expect.stringMatching(
        /^To keep what is not in the entry, write it into (role|permissions)\.\w+ of workloads\.orders-api/,
      ),
    });
    expect((await driftOf({ change })).length).toBeGreaterThan(0);
  });

  it('names a policy that the entry lacks and that stays on the role', async () => {
    const change = (world: World) =>
      (world.rolePolicies[KEY] = { ...world.rolePolicies[KEY]!, attached: ['arn:aws:iam::333333333333:policy/extra'] });
    const [adoption] = (await gateOf({ change })).filter(({ check }) => check === 'adoption');
    expect(adoption).toMatchObject({ holds: 'yes', found: expect.stringContaining('policy/extra') });
    expect((await driftOf({ change })).map(({ kind }) => kind)).toContain('managed-policy');
  });

  it.each<[string, Case]>([
    ['at irsa', {}],
    ['one step on, not applied yet', { stage: 'prepared' }],
    [
      'at the stage that was found',
      { stage: 'dual', aws: 'dual', workload: { found: 'dual', role: roleSettingsOf({ adopt: true }) } },
    ],
  ])('passes %s when nothing is lost', async (_, one) => {
    const adoption = (await gateOf(one)).filter(({ check }) => check === 'adoption');
    expect(adoption).toEqual([
      expect.objectContaining({ holds: 'yes', found: 'the first apply removes nothing from the role' }),
    ]);
    expect((await driftOf(one)).map(({ kind }) => kind)).not.toContain('found');
  });

  it('has no evidence once an apply has adopted the role', async () => {
    const change = (world: World) =>
      (world.roles[KEY] = { ...world.roles[KEY]!, tags: { 'podlift:workload': 'orders-api' } });
    expect((await gateOf({ change })).map(({ check }) => check)).not.toContain('adoption');
  });

  it('says what it could not check', async () => {
    const change = (world: World) => (world.unanswered.rolePolicies = 'denied');
    const [adoption] = (await gateOf({ change })).filter(({ check }) => check === 'adoption');
    expect(adoption).toMatchObject({ holds: 'unknown', found: expect.stringContaining('denied') });
  });
});

async function doctorOf(inventory: Inventory, world: World) {
  const request = { environments: ['prod'] };
  return doctor(inventory, request, await estateOf(world, inventory, doctorQuestions(inventory, request)));
}

describe('an adopted role that stands at another stage than its entry claims', () => {
  const AHEAD: readonly (readonly [string, Case, RegExp, RegExp])[] = [
    ['far ahead, and nothing was found', { stage: 'cutover' }, /stage cutover/, /irsa/],
    [
      'found says dual',
      { stage: 'dual', workload: { found: 'dual', role: roleSettingsOf({ adopt: true }) } },
      /found: dual/,
      /irsa/,
    ],
    [
      'found says irsa, and it is on Pod Identity',
      { aws: 'pod-identity', workload: { found: 'irsa', role: roleSettingsOf({ adopt: true }) } },
      /found: irsa/,
      /pod-identity/,
    ],
  ];

  it.each(AHEAD)('fails the gate, which advises no apply of it: %s', async (_, one, claimed, there) => {
    const evidence = await gateOf(one);
    const [adoption] = evidence.filter(({ check }) => check === 'adoption');
    expect(adoption).toMatchObject({ holds: 'no', found: expect.stringMatching(claimed) });
    expect(adoption?.found).toMatch(there);
    const remedies = evidence.filter(({ holds }) => holds === 'no').flatMap(({ remedy }) => remedy ?? []);
    for (const remedy of remedies) expect(remedy).toMatch(/^Do not apply/);
  });

  it.each(AHEAD)('is a difference of drift, which advises no apply of it: %s', async (_, one, claimed, there) => {
    const differences = await driftOf(one);
    expect(differences[0]).toMatchObject({
      kind: 'found',
      expected: expect.stringMatching(claimed),
      found: expect.stringMatching(there),
      blocksApply: ['prod-identity'],
    });
    for (const { kind, apply, remedy } of differences) {
      expect(apply).toBeUndefined();
      if (kind !== 'found') expect(remedyText(remedy)).not.toMatch(/cdktf apply|kubectl .* annotate/);
    }
  });

  it.each(AHEAD)('is a problem for the doctor, who advises no apply of it: %s', async (_, one, claimed) => {
    const { inventory, world } = worldOf(one);
    const findings = (await doctorOf(inventory, world)).flatMap((diagnosis) => diagnosis.findings);
    expect(findings.find(({ check }) => check === 'role')).toMatchObject({
      state: 'problem',
      found: expect.stringMatching(claimed),
      remedy: [{ say: expect.stringMatching(/^Do not apply: /) }, { say: expect.anything() }],
    });
    for (const { remedy = [] } of findings) expect(remedyText(remedy)).not.toMatch(/cdktf apply|kubectl .* annotate/);
  });

  it('is a problem also where an earlier entry had applied the role', async () => {
    const one: Case = {
      stage: 'pod-identity',
      workload: { found: 'pod-identity', role: roleSettingsOf({ adopt: true }) },
      change: ({ roles }) => (roles[KEY] = { ...roles[KEY]!, tags: { 'podlift:workload': 'orders-api' } }),
    };
    expect((await gateOf({ ...one, stage: 'cutover' })).filter(({ check }) => check === 'adoption')).toEqual([
      expect.objectContaining({ holds: 'no', blocksApply: true }),
    ]);
    expect((await driftOf(one))[0]).toMatchObject({ kind: 'found', blocksApply: ['prod-identity'] });
  });

  it('is no problem where an apply has ended halfway: the next one goes on', async () => {
    const one: Case = {
      stage: 'dual',
      aws: 'prepared',
      change: (world) => {
        world.roles[KEY] = { ...world.roles[KEY]!, tags: { 'podlift:workload': 'orders-api' } };
        world.associations = [];
      },
    };
    expect((await gateOf(one)).filter(({ check }) => check === 'adoption')).toEqual([]);
    expect((await driftOf(one)).map(({ kind }) => kind)).not.toContain('found');
  });

  it('is a problem at irsa too, where the role is used through Pod Identity at no stage of podlift', async () => {
    const one: Case = {
      stage: 'irsa',
      change: ({ associations }) =>
        void associations.push({
          id: 'a-1',
          namespace: 'production',
          serviceAccount: 'orders-api',
          roleArn: 'arn:aws:iam::333333333333:role/prod-orders-api',
          disableSessionTags: false,
          tags: {},
        }),
    };
    const [adoption] = (await gateOf(one)).filter(({ check }) => check === 'adoption');
    expect(adoption).toMatchObject({ holds: 'no', remedy: expect.stringContaining('with the stage table') });
  });

  it('stops the gate of every wave of its environment, and every apply that the doctor would advise there', async () => {
    const { inventory, world } = worldOf({ stage: 'pod-identity' });
    const [environment] = inventory.environments;
    const other = workloadOf({
      key: 'web',
      wave: 'second',
      stage: 'irsa',
      sdk: { language: 'python', version: '1.34.60' },
    });
    const both = {
      ...inventory,
      waves: [...inventory.waves, { key: 'second', stages: { prod: { stage: 'irsa' as const } } }],
      environments: [{ ...environment!, workloads: [...environment!.workloads, other] }],
    };
    const request = { wave: 'second', environment: 'prod', direction: 'forward' } as const;
    const { evidence } = await collectEvidence(both, request, portsTo(world), NOW);
    expect(evidence.filter(({ blocksApply }) => blocksApply)).toEqual([
      expect.objectContaining({ check: 'adoption', workload: 'orders-api', holds: 'no' }),
    ]);
    for (const { holds, remedy = '' } of evidence) if (holds === 'no') expect(remedy).not.toMatch(/cdktf apply/);
    for (const { findings } of await doctorOf(both, world))
      for (const { remedy = [] } of findings) expect(remedyText(remedy)).not.toMatch(/cdktf apply/);
  });
});

describe('the gate, where another tool owns an adopted role', () => {
  const owned = async (
    tags: Record<string, string>,
    direction: 'forward' | 'back' = 'forward',
    stage: Stage = 'irsa',
  ) => {
    const role = roleSettingsOf({ adopt: true, tags });
    const { inventory, world } = worldOf({
      stage,
      aws: stage,
      workload: { role },
      change: ({ roles }) => (roles[KEY] = { ...roles[KEY]!, tags }),
    });
    const request = { wave: 'pilot', environment: 'prod', direction } as const;
    const { evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
    return evidence.find(({ check, found }) => check === 'adoption' && found.includes('belongs to'));
  };

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'CloudFormation',
      { 'aws:cloudformation:stack-name': 'orders', 'aws:cloudformation:logical-id': 'Role' },
      /^the role prod-orders-api belongs to "?CloudFormation \(stack orders\)"?: its next update can set .* again/,
    ],
    [
      'eksctl',
      { 'alpha.eksctl.io/cluster-name': 'main', 'aws:cloudformation:stack-name': 'eksctl-main' },
      /eksctl \(stack eksctl-main\)/,
    ],
    ['Pulumi', { 'pulumi:project': 'orders', 'pulumi:stack': 'prod' }, /Pulumi \(stack prod\)/],
    ['another Terraform', { ManagedBy: 'terraform' }, /Terraform \(tag ManagedBy: terraform\)/],
    ['another Terraform, said in another way', { Terraform: 'true' }, /Terraform \(tag Terraform: true\)/],
  ])('names %s, which acts with its next update, and does not stop', async (_, tags, found) => {
    const evidence = await owned(tags);
    expect(evidence).toMatchObject({ holds: 'yes', warning: true, found: expect.stringMatching(found) });
    expect(evidence?.remedy).toMatch(/^Do this before a step changes the resource:/);
    expect(evidence?.remedy).toMatch(/DeletionPolicy"?: "?Retain|destroy = false|retainOnDelete: true/);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'Crossplane',
      { 'crossplane-kind': 'role.iam.aws.upbound.io', 'crossplane-name': 'orders' },
      /Crossplane \(managed resource orders\)"?: it sets what podlift changes again within minutes/,
    ],
    ['ACK', { 'services.k8s.aws/namespace': 'shop' }, /ACK \(namespace shop\)/],
    ['the EKS capability for ACK', { 'eks:eks-capability-arn': 'arn:aws:eks:…' }, /ACK \(EKS capability\)/],
  ])('stops for %s, which reverts all the time, and only names it on the way back', async (_, tags, found) => {
    expect(await owned(tags)).toMatchObject({ holds: 'no', found: expect.stringMatching(found) });
    expect(await owned(tags, 'back', 'dual')).toMatchObject({ holds: 'yes', warning: true });
  });

  it.each<Record<string, string>>([
    {},
    { team: 'shop', 'my-crossplane-name': 'x', 'services.k8s.aws.example/namespace': 'x' },
    { ManagedBy: 'the shop team', Terraform: 'module docs' },
  ])('names nobody for %j', async (tags) => {
    expect(await owned(tags)).toBeUndefined();
  });

  const CROSSPLANE = { 'crossplane-name': 'orders' };
  it.each<[string, Setting, (world: World) => unknown, RegExp]>([
    [
      'a role that podlift created',
      {},
      ({ roles }) => (roles[KEY] = { ...roles[KEY]!, tags: { ...roles[KEY]!.tags, ...CROSSPLANE } }),
      /^the role prod-orders-api belongs to "?Crossplane/,
    ],
    [
      'an association',
      {},
      (world) =>
        (world.associations = world.associations.map((one) => ({ ...one, tags: { ...one.tags, ...CROSSPLANE } }))),
      /^the association of production\/orders-api on main belongs to/,
    ],
    [
      'a managed OIDC provider',
      {
        cluster: {
          oidc: { issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/MAIN', provider: 'managed', adopt: true },
        },
      },
      ({ oidcProviders }) => {
        for (const [arn, one] of Object.entries(oidcProviders)) oidcProviders[arn] = { ...one, tags: CROSSPLANE };
      },
      /^the OIDC provider of main belongs to/,
    ],
  ])('stops for the owner of %s', async (_, setting, change, found) => {
    const inventory = pilotAt('dual', setting);
    const ownersOf = async (world: World) => {
      const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
      const { evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
      return evidence.filter((one) => one.check === 'adoption' && one.found.includes('belongs to'));
    };
    const world = agreedWorld(inventory);
    expect(await ownersOf(world)).toEqual([]);
    change(world);
    expect(await ownersOf(world)).toMatchObject([{ holds: 'no', found: expect.stringMatching(found) }]);
  });
});
