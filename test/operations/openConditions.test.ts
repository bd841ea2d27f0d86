import { remedyText } from '../../src/cli/report';
import { listOf, type PolicyDocument, type Statement } from '../../src/iam/PolicyDocument';
import type { Stage } from '../../src/inventory/Inventory';
import { roleSettingsOf, targetOf } from '../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, portsTo, type Setting, type World } from './agreedWorld';
import { foundOf, proposalOf } from './discover/foundOf';
import { AUD, eksctlOidc, oidcOf, openPodIdentity, sub, trustOf } from './discover/shapes';
import { ask, healthy, notes, SOURCE } from './doctor/doctorWorld';
import { driftOf } from './drift/driftOf';
import { collectEvidence } from './gate/gateText';

// Trust policies with a condition on what podlift does not know of a request. The pods can have the role: nothing may call that denied.

type Condition = Record<string, Record<string, string | string[]>>;

interface Open {
  readonly operator: string;
  readonly key: string;
  readonly wanted: string | string[];
  /** The condition is on a statement that denies everyone everything, and not on the one that allows. */
  readonly deny?: true;
}

const OPEN: readonly Open[] = [
  { operator: 'IpAddress', key: 'aws:SourceIp', wanted: '203.0.113.0/24' },
  { operator: 'NotIpAddress', key: 'aws:SourceIp', wanted: '198.51.100.0/24' },
  { operator: 'StringEquals', key: 'sts:RoleSessionName', wanted: 'orders' },
  { operator: 'StringLike', key: 'sts:RoleSessionName', wanted: 'botocore-session-*' },
  { operator: 'StringEquals', key: 'aws:RequestedRegion', wanted: ['us-west-2', 'eu-west-1'] },
  { operator: 'StringEquals', key: 'aws:SourceVpc', wanted: 'vpc-0a1b2c3d' },
  { operator: 'StringEqualsIfExists', key: 'aws:SourceVpce', wanted: 'vpce-0a1b2c3d' },
  { operator: 'IpAddress', key: 'aws:VpcSourceIp', wanted: '10.0.0.0/8' },
  { operator: 'Null', key: 'aws:SourceVpce', wanted: 'false' },
  { operator: 'NumericLessThanEquals', key: 'sts:DurationSeconds', wanted: '3600' },
  { operator: 'StringLike', key: 'aws:UserAgent', wanted: '*Boto3*' },
  { operator: 'StringEquals', key: 'aws:ResourceOrgID', wanted: 'o-a1b2c3d4e5' },
  { operator: 'NotIpAddressIfExists', key: 'aws:SourceIp', wanted: '203.0.113.0/24', deny: true },
  { operator: 'StringNotEqualsIfExists', key: 'aws:SourceVpc', wanted: 'vpc-0a1b2c3d', deny: true },
  { operator: 'Null', key: 'aws:SourceVpce', wanted: 'true', deny: true },
  { operator: 'StringNotEquals', key: 'aws:RequestedRegion', wanted: 'us-west-2', deny: true },
];

/** `sts:TagSession`, which EKS needs as well, has no session name: there such a statement denies. */
const ofSessionName = ({ key }: Open) => key === 'sts:RoleSessionName';

/** Of requests by EKS alone. */
const OPEN_BY_EKS: readonly Open[] = [
  ...OPEN.filter((one) => !ofSessionName(one)),
  { operator: 'StringEquals', key: 'aws:SourceOrgID', wanted: '${aws:ResourceOrgID}' },
  { operator: 'StringEquals', key: 'aws:RequestTag/kubernetes-pod-name', wanted: 'orders-0' },
];

/** The trust policy with another audience. */
const forAudience = (trust: PolicyDocument, audience: string): PolicyDocument =>
  JSON.parse(JSON.stringify(trust).replace('"sts.amazonaws.com"', JSON.stringify(audience))) as PolicyDocument;

/** A trust policy with a condition added to each statement that allows, or with a statement that denies under it. */
function under(trust: PolicyDocument, { operator, key, wanted, deny }: Open): PolicyDocument {
  const added: Condition = { [operator]: { [key]: wanted } };
  const all = listOf(trust.Statement);
  if (deny) {
    const statement: Statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: added };
    return { ...trust, Statement: [...all, statement] };
  }
  const Statement = all.map((statement) => {
    const of = statement.Condition?.[operator];
    return { ...statement, Condition: { ...statement.Condition, [operator]: { ...of, ...added[operator] } } };
  });
  return { ...trust, Statement };
}

function putTrust(world: World, change: (trust: PolicyDocument) => PolicyDocument): void {
  const role = world.roles[SOURCE]!;
  world.roles[SOURCE] = { ...role, trust: change(role.trust) };
}

/** What would take something away from pods. */
const REMOVES = /remove|delete|detach|take away|put-role|update-assume-role|apply/i;

const named = ({ operator, key, wanted, deny }: Open) =>
  `${deny ? 'a Deny under ' : ''}${operator} ${key} ${JSON.stringify(wanted)}`;
const rows = (table: readonly Open[]) => table.map((one) => [named(one), one] as const);
const text = ({ operator, key, wanted }: Open) =>
  `${operator} ${key}: ${[wanted]
    .flat()
    .map((value) => JSON.stringify(value))
    .join(' or ')}`;

describe('discover', () => {
  const annotated = (trust: PolicyDocument) =>
    proposalOf(foundOf([{ of: 'shop/api', annotated: true, found: 'irsa', role: { name: 'api', trust } }]));
  const associated = (trust: PolicyDocument) =>
    proposalOf(
      foundOf([
        { of: 'shop/api', annotated: false, association: {}, found: 'pod-identity', role: { name: 'api', trust } },
      ]),
    );

  it.each(OPEN_BY_EKS.map((one) => [named(one), one, associated(under(trustOf(openPodIdentity), one))] as const))(
    'leaves a role of Pod Identity with %s alone, and says on what it depends',
    (_name, one, { workloads, left }) => {
      expect(workloads).toEqual([]);
      const [out] = left;
      expect(out).toMatchObject({ reason: 'could-not-be-checked', docs: 'docs/DISCOVER.md#could-not-be-checked' });
      expect(out!.message).toContain(`could not be checked: depends on ${text(one)}`);
      expect(out!.dependsOn).toContainEqual(
        expect.objectContaining({ operator: one.operator, key: one.key, wanted: [one.wanted].flat() }),
      );
      expect(out).not.toHaveProperty('snippet');
      expect(remedyText(out!.remedy)).not.toMatch(REMOVES);
    },
  );

  // The statement means the service account by its name: the role is for it, and the entry keeps the condition.
  it.each(OPEN.map((one) => [named(one), one, annotated(under(trustOf(eksctlOidc('shop', 'api')), one))] as const))(
    'adopts a role of irsa with %s, which stays there, with the condition as the reason',
    (_name, one, { workloads, left }) => {
      expect(left).toEqual([]);
      const { entry } = workloads[0]!;
      expect(entry).toMatchObject({ stage: 'irsa', because: expect.stringContaining(`a condition on ${one.key}`) });
      expect(JSON.stringify([entry.role!.adoptedTrust, entry.role!.keepTrust])).toContain(
        `under a condition on ${one.key}`,
      );
    },
  );

  it.each(['2030-01-01T00:00:00Z', '2020-01-01T00:00:00Z'])('does not know the time: until %s', (until) => {
    const one = { operator: 'DateLessThan', key: 'aws:CurrentTime', wanted: until };
    const { workloads } = annotated(under(trustOf(eksctlOidc('shop', 'api')), one));
    expect(workloads[0]!.entry).toMatchObject({ stage: 'irsa', because: expect.stringContaining('aws:CurrentTime') });
  });

  it('takes a custom audience for one that the pods can have, with or without the annotation', () => {
    const trust = trustOf(oidcOf({ StringEquals: { ...sub('shop:api'), [Object.keys(AUD)[0]!]: 'vault' } }));
    const found = foundOf([{ of: 'shop/api', annotated: true, found: 'irsa', role: { name: 'api', trust } }]);
    const { left } = proposalOf(found);
    expect(left[0]).toMatchObject({ reason: 'could-not-be-checked' });
    expect(left[0]!.message).toContain('"vault"');
    const accounts = found.serviceAccounts.ok ? found.serviceAccounts.value : [];
    const value = accounts.map((one) => ({
      ...one,
      annotations: { ...one.annotations, 'eks.amazonaws.com/audience': 'vault' },
    }));
    const told = proposalOf({ ...found, serviceAccounts: { ok: true, value } });
    expect(told.left[0]).toMatchObject({ reason: 'could-not-be-checked' });
  });

  it('does not adopt a role alone that another service account can have under a condition', () => {
    const ip = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
    const trust = trustOf(eksctlOidc('shop', 'api'), oidcOf({ StringEquals: { ...sub('shop:batch'), ...AUD }, ...ip }));
    const shape = (of: string) => ({ of, annotated: true, found: 'irsa', role: { name: 'api', trust } }) as const;
    const { workloads, left } = proposalOf(foundOf([shape('shop/api'), shape('shop/batch')]));
    expect(left).toEqual([]);
    expect(workloads[0]!.accounts.map(({ name }) => name)).toEqual(['api', 'batch']);
    expect(workloads[0]!.entry).toMatchObject({ stage: 'irsa', because: expect.stringContaining('aws:SourceIp') });
  });
});

/** The stage at which pods have the role by a mode alone. */
const MODES: readonly (readonly [Stage, readonly Open[]])[] = [
  ['irsa', OPEN],
  ['pod-identity', OPEN_BY_EKS],
];

describe.each(MODES)('doctor and gate at %s', (stage, table) => {
  it.each(rows(table))('doctor could not check a role with %s', async (_, one) => {
    const { inventory, world } = healthy(stage);
    putTrust(world, (trust) => under(trust, one));
    const diagnosis = await ask({ inventory, world });
    expect(notes(diagnosis)).toEqual(['trust unknown']);
    const finding = diagnosis.findings.find(({ state }) => state === 'unknown')!;
    expect(finding.found.split('\n')[0]).toBe(`could not be checked: depends on ${text(one)}`);
    expect(finding.dependsOn).toContainEqual(expect.objectContaining({ operator: one.operator, key: one.key }));
    expect(remedyText(finding.remedy!)).not.toMatch(REMOVES);
  });
});

async function gateOf(stage: Stage, change: (trust: PolicyDocument) => PolicyDocument) {
  const inventory = pilotAt(stage);
  const world = agreedWorld(inventory);
  putTrust(world, change);
  const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
  const { holds, evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
  return { holds, open: evidence.filter((one) => one.holds !== 'yes') };
}

describe.each(['irsa', 'prepared', 'dual', 'cutover'] as const)('the gate at %s', (stage) => {
  it.each(rows(stage === 'irsa' ? OPEN : OPEN.filter((one) => !ofSessionName(one))))(
    'does not know a role with %s, and never says no',
    async (_, one) => {
      const { holds, open } = await gateOf(stage, (trust) => under(trust, one));
      expect(holds).toBe(false);
      expect(open.length).toBeGreaterThan(0);
      for (const evidence of open) {
        expect(evidence).toMatchObject({ check: 'trust', holds: 'unknown' });
        expect(evidence.found).toContain(`could not be checked: depends on ${text(one)}`);
        expect(evidence.dependsOn).toContainEqual(expect.objectContaining({ operator: one.operator, key: one.key }));
        expect(evidence.remedy).not.toMatch(REMOVES);
      }
    },
  );
});

/** Conditions on the time, and whether the role can be assumed at `NOW` (2026-11-21T12:00:00Z). */
const TIMES: readonly (readonly [string, string, string, boolean])[] = [
  ['DateLessThan', 'aws:CurrentTime', '2026-12-01T00:00:00Z', true],
  ['DateLessThan', 'aws:CurrentTime', '2026-11-01T00:00:00Z', false],
  ['DateGreaterThan', 'aws:CurrentTime', '2026-11-21T11:59:59Z', true],
  ['NumericLessThan', 'aws:EpochTime', '1800000000', true],
  ['NumericLessThan', 'aws:EpochTime', '1700000000', false],
];

describe('the time of the Estate', () => {
  it.each(TIMES)('decides %s %s %s in the doctor', async (operator, key, wanted, allowed) => {
    for (const stage of ['irsa', 'pod-identity'] as const) {
      const { inventory, world } = healthy(stage);
      putTrust(world, (trust) => under(trust, { operator, key, wanted }));
      expect(notes(await ask({ inventory, world }))).toEqual(allowed ? [] : ['trust problem']);
    }
  });

  it.each(TIMES)('decides %s %s %s in the gate', async (operator, key, wanted, allowed) => {
    const { open } = await gateOf('irsa', (trust) => under(trust, { operator, key, wanted }));
    // The document differs from the one of the stage, which is another matter than what it allows.
    expect(open.map(({ check, holds }) => [check, holds])).toEqual([['trust', 'no']]);
    expect(open[0]!.found).toMatch(allowed ? /does not match the stage irsa/ : /denies its pods the role/);
  });

  it.each(TIMES)('decides %s %s %s in drift', async (operator, key, wanted, allowed) => {
    const inventory = pilotAt('irsa');
    const world = agreedWorld(inventory);
    putTrust(world, (trust) => under(trust, { operator, key, wanted }));
    const [difference] = (await driftOf(inventory, world)).differences;
    expect(difference).toMatchObject({ kind: 'trust', holds: 'no' });
    expect((difference!.effect ?? '').includes('can no longer assume')).toBe(!allowed);
  });
});

describe('the tags of the role', () => {
  const one: Open = { operator: 'StringEquals', key: 'aws:ResourceTag/team', wanted: 'shop' };
  const tagged = (world: World, tags: Record<string, string>) => {
    const role = world.roles[SOURCE]!;
    world.roles[SOURCE] = { ...role, tags: { ...role.tags, ...tags } };
  };

  it.each([
    ['that its trust policy asks for', { team: 'shop' }, []],
    ['of another team', { team: 'cart' }, ['trust problem']],
    ['without that of its trust policy', {}, ['trust problem']],
  ])('are known: a role with tags %s', async (_, tags, expected) => {
    for (const stage of ['irsa', 'pod-identity'] as const) {
      const { inventory, world } = healthy(stage);
      putTrust(world, (trust) => under(trust, one));
      tagged(world, tags);
      expect(notes(await ask({ inventory, world }))).toEqual(expected);
    }
  });
});

/** Conditions on TLS, which every request to STS has, and whether the role can be assumed. */
const TLS: readonly (readonly [string, Open, boolean])[] = [
  ['a statement for requests with TLS', { operator: 'Bool', key: 'aws:SecureTransport', wanted: 'true' }, true],
  [
    'a Deny of requests without TLS',
    { operator: 'Bool', key: 'aws:SecureTransport', wanted: 'false', deny: true },
    true,
  ],
  ['a statement for requests without TLS', { operator: 'Bool', key: 'aws:SecureTransport', wanted: 'false' }, false],
  ['a Deny of requests with TLS', { operator: 'Bool', key: 'aws:SecureTransport', wanted: 'true', deny: true }, false],
];

describe('requests to STS have TLS', () => {
  it.each(TLS)('%s decides in the doctor', async (_, one, allowed) => {
    for (const stage of ['irsa', 'pod-identity'] as const) {
      const { inventory, world } = healthy(stage);
      putTrust(world, (trust) => under(trust, one));
      expect(notes(await ask({ inventory, world }))).toEqual(allowed ? [] : ['trust problem']);
    }
  });

  it.each(TLS)('%s decides in the gate', async (_, one, allowed) => {
    const { open } = await gateOf('irsa', (trust) => under(trust, one));
    expect(open.map(({ check, holds }) => [check, holds])).toEqual([['trust', 'no']]);
    expect(open[0]!.found).toMatch(allowed ? /does not match the stage irsa/ : /denies its pods the role/);
  });
});

describe('another audience', () => {
  const told = (world: World, audience: string) => {
    const known = world.serviceAccounts['production/orders-api']!;
    const annotations = { ...known.annotations, 'eks.amazonaws.com/audience': audience };
    world.serviceAccounts['production/orders-api'] = { ...known, annotations };
  };

  it('is not known where the service account names none', async () => {
    const { inventory, world } = healthy('irsa');
    putTrust(world, (trust) => forAudience(trust, 'vault'));
    const diagnosis = await ask({ inventory, world });
    expect(notes(diagnosis)).toEqual(['trust unknown']);
    expect(diagnosis.findings.find(({ state }) => state === 'unknown')!.found).toMatch(
      /^could not be checked: depends on StringEquals .*:aud: "vault"\n/,
    );
  });

  it('is that of the service account: the annotation stays where the trust policy wants it', async () => {
    const { inventory, world } = healthy('irsa');
    putTrust(world, (trust) => forAudience(trust, 'vault'));
    told(world, 'vault');
    const { findings } = await ask({ inventory, world });
    // The annotation agrees with AWS. The inventory has the usual audience: its apply would refuse these tokens.
    expect(findings.filter(({ state }) => state !== 'ok')).toMatchObject([
      { check: 'trust', found: expect.stringContaining('an apply takes the role from them') as string },
    ]);
  });

  it('is denied where the service account names a third one', async () => {
    const { inventory, world } = healthy('irsa');
    putTrust(world, (trust) => forAudience(trust, 'vault'));
    told(world, 'other');
    expect(notes(await ask({ inventory, world }))).toEqual(['annotation problem', 'trust problem']);
  });

  it('decides alone where the trust policy of the inventory would allow the usual one: the annotation goes', async () => {
    const { inventory, world } = healthy('irsa');
    putTrust(world, (trust) => forAudience(trust, 'vault'));
    told(world, 'other');
    const { findings } = await ask({ inventory, world });
    const { remedy = [] } = findings.find(({ check }) => check === 'trust')!;
    const text = remedyText(remedy);
    expect(text).toMatch(/^The audience decides: the service account asks for tokens for other, /);
    expect(text).toContain('annotate serviceaccount orders-api eks.amazonaws.com/audience-');
    // AWS has the wrong audience too.
    expect(text).toMatch(/cdktf apply prod-identity\nThen restart its pods/);
    expect(text).not.toContain('podlift prove');
  });

  it('is not known in the gate, and never a no', async () => {
    const { open } = await gateOf('irsa', (trust) => forAudience(trust, 'vault'));
    expect(open.map(({ check, holds }) => [check, holds])).toEqual([['trust', 'unknown']]);
  });
});

describe('drift', () => {
  it.each(rows(OPEN))('says of a role with %s that the effect depends on it', async (_, one) => {
    const inventory = pilotAt('irsa');
    const world = agreedWorld(inventory);
    putTrust(world, (trust) => under(trust, one));
    const { differences } = await driftOf(inventory, world);
    expect(differences.map(({ kind, holds }) => [kind, holds])).toEqual([['trust', 'no']]);
    expect(differences[0]!.effect).toContain(
      `whether orders-api can assume the role through web identity (IRSA) on main depends on ${text(one)}`,
    );
    expect(differences[0]!.effect).not.toMatch(/can no longer|cannot/);
    expect(differences[0]!.dependsOn).toContainEqual(expect.objectContaining({ key: one.key }));
  });

  const allowing = OPEN.filter(({ deny }) => deny !== true);
  it.each(rows(allowing))('finds nothing where the entry keeps the same statement with %s', async (_, one) => {
    const { trust } = agreedWorld(pilotAt('irsa')).roles[SOURCE]!;
    const oidc = listOf(under(trust, one).Statement);
    const role = roleSettingsOf({ adopt: true, adoptedTrust: { because: 'as found', oidc } });
    const setting: Setting = { workload: { role } };
    const inventory = pilotAt('irsa', setting);
    expect((await driftOf(inventory, agreedWorld(inventory))).differences).toEqual([]);
    // The role is where its entry says; only what its pods get depends on the condition.
    const { world } = healthy('irsa', setting);
    expect(notes(await ask({ inventory, world }))).toEqual(['trust unknown']);
  });

  it('could not check the stage of an adopted role whose trust policy has a condition that its entry has not', async () => {
    const inventory = pilotAt('irsa', { workload: { role: roleSettingsOf({ adopt: true }) } });
    const world = agreedWorld(inventory);
    putTrust(world, (trust) => under(trust, OPEN[0]!));
    const { differences } = await driftOf(inventory, world);
    const found = differences.find(({ kind }) => kind === 'found');
    expect(found).toMatchObject({ holds: 'unknown' });
    expect(found!.found).toContain('could not be checked: depends on IpAddress aws:SourceIp: "203.0.113.0/24"');
    expect(found).not.toHaveProperty('blocksApply');
  });
});

describe('drift of a target role whose association sends an external id', () => {
  const setting: Setting = { workload: { sessionTags: false }, targets: [targetOf({ via: 'association' })] };
  const TARGET = '444444444444/prod-orders-api-ledger';

  it('says that sessions without it can still assume the role, whatever else an app could send', async () => {
    const inventory = pilotAt('pod-identity', setting);
    const world = agreedWorld(inventory);
    const before = agreedWorld(pilotAt('dual', setting)).roles[TARGET]!;
    world.roles[TARGET] = { ...world.roles[TARGET]!, trust: before.trust };
    const { differences } = await driftOf(inventory, world);
    expect(differences.map(({ kind }) => kind)).toEqual(['trust']);
    expect(differences[0]!.effect).toMatch(/can (?:still )?assume the role without session tags from main/);
    expect(differences[0]!.effect).not.toContain('depends');
  });
});
