import { remedyText } from '../../src/cli/report';
import { listOf, type PolicyDocument, type Statement } from '../../src/iam/PolicyDocument';
import type { Stage } from '../../src/inventory/Inventory';
import { agreedWorld, NOW, pilotAt, portsTo, type World } from '../operations/agreedWorld';
import { foundOf, proposalOf } from '../operations/discover/foundOf';
import { eksctlOidc, openPodIdentity, trustOf } from '../operations/discover/shapes';
import { ask, healthy, notes, SOURCE } from '../operations/doctor/doctorWorld';
import { collectEvidence } from '../operations/gate/gateText';

// Conditions on the global keys of AWS: whatever podlift cannot know of a request, it calls unknown, and advises to remove nothing.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

interface Open {
  readonly operator: string;
  readonly key: string;
  readonly wanted: string | string[];
}

/** What only the network, the client or AWS knows of a request. */
const KEYS: readonly Open[] = [
  { operator: 'StringEquals', key: 'aws:SourceVpcArn', wanted: 'arn:aws:ec2:us-west-2:333333333333:vpc/vpc-1' },
  { operator: 'StringEquals', key: 'aws:VpceAccount', wanted: '333333333333' },
  { operator: 'StringEquals', key: 'aws:VpceOrgID', wanted: 'o-a1b2c3d4e5' },
  { operator: 'ForAnyValue:StringLike', key: 'aws:VpceOrgPaths', wanted: 'o-a1b2c3d4e5/*' },
  { operator: 'ForAnyValue:StringLike', key: 'aws:ResourceOrgPaths', wanted: 'o-a1b2c3d4e5/*' },
  { operator: 'StringLike', key: 'aws:Referer', wanted: '*' },
  { operator: 'StringNotLike', key: 'aws:UserAgent', wanted: 'curl*' },
  { operator: 'Null', key: 'aws:SourceVpc', wanted: 'false' },
  { operator: 'Null', key: 'aws:SourceVpce', wanted: 'false' },
  { operator: 'StringLike', key: 'AWS:SOURCEVPCE', wanted: 'vpce-*' },
  { operator: 'IpAddressIfExists', key: 'aws:sourceip', wanted: ['10.0.0.0/8', '2001:db8::/32'] },
  { operator: 'NotIpAddress', key: 'aws:VpcSourceIp', wanted: '10.0.0.0/8' },
  { operator: 'StringNotEquals', key: 'aws:RequestedRegion', wanted: 'eu-central-1' },
  { operator: 'StringLike', key: 'aws:RequestedRegion', wanted: 'us-*' },
  { operator: 'StringEquals', key: 'aws:ResourceOrgID', wanted: '${aws:PrincipalOrgID}' },
  { operator: 'StringEquals', key: 'aws:SourceVpc', wanted: '${aws:PrincipalTag/vpc}' },
  { operator: 'NumericGreaterThan', key: 'sts:DurationSeconds', wanted: '900' },
  { operator: 'StringEquals', key: 'aws:AKeyOfNextYear', wanted: 'x' },
  { operator: 'Bool', key: 'aws:IsSomethingNew', wanted: 'true' },
  { operator: 'ArnLike', key: 'aws:SomeNewArn', wanted: 'arn:aws:*' },
];

/** Statements that deny everyone under a condition, which may be on what nobody knows. */
const DENIES: readonly Open[] = [
  { operator: 'StringNotEqualsIfExists', key: 'aws:SourceVpce', wanted: 'vpce-1' },
  { operator: 'NotIpAddress', key: 'aws:SourceIp', wanted: '10.0.0.0/8' },
  { operator: 'Null', key: 'aws:SourceVpc', wanted: 'true' },
  { operator: 'StringNotEquals', key: 'aws:ResourceOrgID', wanted: '${aws:PrincipalOrgID}' },
  { operator: 'StringNotLike', key: 'aws:UserAgent', wanted: '*Boto3*' },
  { operator: 'StringNotEquals', key: 'aws:SourceVpc', wanted: '${aws:PrincipalTag/vpc}' },
  { operator: 'ForAnyValue:StringNotLike', key: 'aws:VpceOrgPaths', wanted: 'o-1/*' },
  { operator: 'StringEquals', key: 'aws:AKeyOfNextYear', wanted: 'x' },
];

const named = ({ operator, key, wanted }: Open) => `${operator} ${key} ${JSON.stringify(wanted)}`;
const rows = (table: readonly Open[]) => table.map((one) => [named(one), one] as const);

function restricted(trust: PolicyDocument, { operator, key, wanted }: Open): PolicyDocument {
  const Statement = listOf(trust.Statement).map((statement) => ({
    ...statement,
    Condition: { ...statement.Condition, [operator]: { ...statement.Condition?.[operator], [key]: wanted } },
  }));
  return { ...trust, Statement };
}

function denying(trust: PolicyDocument, { operator, key, wanted }: Open): PolicyDocument {
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:*',
    Condition: { [operator]: { [key]: wanted } },
  };
  return { ...trust, Statement: [...listOf(trust.Statement), deny] };
}

function putTrust(world: World, change: (trust: PolicyDocument) => PolicyDocument): void {
  const role = world.roles[SOURCE]!;
  world.roles[SOURCE] = { ...role, trust: change(role.trust) };
}

/** What would take something away from pods. */
const REMOVES = /remove|delete|detach|take away|put-role|update-assume-role|apply|annotate/i;

const CASES = [
  ...rows(KEYS).map(([name, one]) => [name, (trust: PolicyDocument) => restricted(trust, one)] as const),
  ...rows(DENIES).map(
    ([name, one]) => [`a Deny under ${name}`, (trust: PolicyDocument) => denying(trust, one)] as const,
  ),
  ...rows(DENIES).map(
    ([name, one]) =>
      [
        `a Deny under ${name} and another condition`,
        (trust: PolicyDocument) => {
          const all = listOf(denying(trust, one).Statement);
          const last = all.at(-1)!;
          const Condition = { ...last.Condition, ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin' } };
          return { ...trust, Statement: [...all.slice(0, -1), { ...last, Condition }] };
        },
      ] as const,
  ),
];

describe.each<Stage>(['irsa', 'pod-identity'])('at %s', (stage) => {
  // Requests to STS always use TLS, so these conditions are known.
  it.each(rows([{ operator: 'Bool', key: 'aws:SecureTransport', wanted: 'true' }]))(
    'the doctor has nothing to say of a role with %s',
    async (_name, one) => {
      const { inventory, world } = healthy(stage);
      putTrust(world, (trust) => restricted(trust, one));
      putTrust(world, (trust) => denying(trust, { ...one, wanted: 'false' }));
      expect(notes(await ask({ inventory, world }))).toEqual([]);
    },
  );

  it.each(CASES)('the doctor does not know a role with %s', async (_name, change) => {
    const { inventory, world } = healthy(stage);
    putTrust(world, change);
    const diagnosis = await ask({ inventory, world });
    expect(notes(diagnosis)).toEqual(['trust unknown']);
    const finding = diagnosis.findings.find(({ state }) => state === 'unknown')!;
    expect(finding.found).toMatch(/^could not be checked: depends on /);
    expect(remedyText(finding.remedy!)).not.toMatch(REMOVES);
  });

  it.each(CASES)('the gate does not say no to a role with %s', async (_name, change) => {
    const inventory = pilotAt(stage === 'irsa' ? 'irsa' : 'cutover');
    const world = agreedWorld(inventory);
    putTrust(world, change);
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const { holds, evidence } = await collectEvidence(inventory, request, portsTo(world), NOW);
    expect(holds).toBe(false);
    const open = evidence.filter((one) => one.holds !== 'yes');
    expect(open.map((one) => [one.check, one.holds])).toEqual(open.map(() => ['trust', 'unknown']));
    for (const one of open) expect(one.remedy).not.toMatch(REMOVES);
  });

  if (stage === 'irsa')
    // A statement of IRSA that names the account is carried: the pods meet its conditions now, and keep it while they use IRSA.
    it.each(CASES)('discover carries the statements of a role with %s', (_name, change) => {
      const own = eksctlOidc('shop', 'api');
      const trust = change(trustOf(own));
      const role = { name: 'api', trust };
      const { workloads, left } = proposalOf(foundOf([{ of: 'shop/api', annotated: true, found: 'irsa', role }]));
      expect(left).toEqual([]);
      const { adoptedTrust, keepTrust = [] } = workloads[0]!.entry.role!;
      const carried = [...(adoptedTrust?.oidc ?? []), ...keepTrust].map(({ because: _because, ...one }) => one);
      const changed = listOf(trust.Statement).filter((one) => JSON.stringify(one) !== JSON.stringify(own));
      expect(changed.length).toBeGreaterThan(0);
      expect(carried).toEqual(expect.arrayContaining([...changed]));
    });
  else
    it.each(CASES)('discover leaves a role alone with %s', (_name, change) => {
      const role = { name: 'api', trust: change(trustOf(openPodIdentity)) };
      const { workloads, left } = proposalOf(
        foundOf([{ of: 'shop/api', annotated: false, association: {}, found: 'pod-identity', role }]),
      );
      expect(workloads).toEqual([]);
      expect(left.map(({ reason }) => reason)).toEqual(['could-not-be-checked']);
      expect(remedyText(left[0]!.remedy)).not.toMatch(REMOVES);
    });
});
