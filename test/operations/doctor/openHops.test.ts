import { type ConditionBlock, listOf, type Statement } from '../../../src/iam/PolicyDocument';
import { remedyText } from '../../../src/cli/report';
import { targetOf } from '../../blueprint/inventoryOf';
import { ACCOUNT, allowing, ask, type Case, healthy, NODE_POLICY, notes, SOURCE } from './doctorWorld';
import { changeTrust } from './roleFaults';

// Hops of apps, the role of nodes and `--action`, with conditions on what podlift does not know of the request.

const TARGET = '444444444444/prod-orders-api-ledger';

/** Adds a condition to each statement of the target role's trust policy. */
function targetWith({ world }: Case, condition: Record<string, Record<string, string>>): void {
  changeTrust(world, TARGET, (one) => {
    const operators = { ...one.Condition };
    for (const [operator, keys] of Object.entries(condition)) operators[operator] = { ...operators[operator], ...keys };
    return { ...one, Condition: operators };
  });
}

const BY_APP = [
  // With session tags, sts:TagSession is needed too, and has neither an external id nor a source identity.
  ['irsa', { StringEquals: { 'sts:ExternalId': 'ledger' } }],
  ['irsa', { StringEquals: { 'sts:SourceIdentity': 'orders' } }],
  ['irsa', { StringEquals: { 'aws:RequestTag/team': 'shop' } }],
  ['pod-identity', { StringEquals: { 'aws:RequestTag/team': 'shop' } }],
  ['pod-identity', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
  ['pod-identity', { StringEquals: { 'aws:PrincipalTag/kubernetes-pod-name': 'orders-0' } }],
] as const;

describe('a target role that the app assumes', () => {
  it.each(BY_APP)('is not known to deny the app at %s: %j', async (stage, condition) => {
    const one = healthy(stage, { targets: [targetOf()] });
    targetWith(one, condition);
    const diagnosis = await ask(one);
    expect(notes(diagnosis)).toEqual(['target-hop unknown']);
    const finding = diagnosis.findings.find(({ state }) => state === 'unknown')!;
    const [[operator, [[key]]]] = Object.entries(condition).map(
      ([name, keys]) => [name, Object.entries<string>(keys)] as const,
    ) as [[string, [[string, string]]]];
    expect(finding.found).toContain(`could not be checked: depends on ${operator} ${key}`);
    expect(remedyText(finding.remedy!)).not.toMatch(/apply|remove|delete/i);
  });

  it('denies the app what another principal may do', async () => {
    const one = healthy('pod-identity', { targets: [targetOf()] });
    targetWith(one, { StringEquals: { 'aws:PrincipalTag/team': 'other' } });
    expect(notes(await ask(one))).toEqual(['target-hop problem']);
  });
});

describe('the target role of an association', () => {
  const chained = () => healthy('pod-identity', { targets: [targetOf({ via: 'association' })] });

  it.each([
    { StringEquals: { 'sts:ExternalId': 'ledger' } },
    { StringEquals: { 'sts:SourceIdentity': 'orders' } },
    { StringEquals: { 'aws:RequestTag/team': 'shop' } },
  ])('is denied where it asks for what EKS does not send: %j', async (condition) => {
    const one = chained();
    targetWith(one, condition);
    expect(notes(await ask(one))).toEqual(['target-hop problem']);
  });

  it('depends on the address from which EKS asks', async () => {
    const one = chained();
    targetWith(one, { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } });
    expect(notes(await ask(one))).toEqual(['target-hop unknown']);
  });
});

/** The permissions that the role's only inline policy gives under a condition. */
function permitting(one: Case, Condition: ConditionBlock): Case {
  const document = allowing('s3:GetObject', 'arn:aws:s3:::acme-orders/*');
  const Statement = listOf(document.Statement).map((statement) => ({ ...statement, Condition }));
  one.world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: { ...document, Statement } } };
  return one;
}

const ASKED = { action: 's3:GetObject', resource: 'arn:aws:s3:::acme-orders/1' };

describe('doctor --action', () => {
  it.each<[string, ConditionBlock, string]>([
    ['the address', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'unknown'],
    ['the region', { StringEquals: { 'aws:RequestedRegion': 'us-west-2' } }, 'unknown'],
    ['the VPC', { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, 'unknown'],
    ['a key of the service', { StringLike: { 's3:ExistingObjectTag/team': 'shop' } }, 'unknown'],
    ['the pod', { StringEquals: { 'aws:PrincipalTag/kubernetes-pod-name': 'orders-0' } }, 'unknown'],
    ['the namespace', { StringEquals: { 'aws:PrincipalTag/kubernetes-namespace': 'production' } }, 'ok'],
    ['another namespace', { StringEquals: { 'aws:PrincipalTag/kubernetes-namespace': 'staging' } }, 'problem'],
    ['a time to come', { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } }, 'ok'],
    ['a time that is over', { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }, 'problem'],
    ['a key of STS alone', { StringLike: { 'sts:RoleSessionName': '*' } }, 'problem'],
  ])('under a condition on %s', async (_, condition, state) => {
    const { findings } = await ask(permitting(healthy('pod-identity'), condition), { access: ASKED });
    const found = findings.find(({ check }) => check === 'access');
    expect(found).toMatchObject({ state });
    if (state !== 'unknown') return;
    expect(found!.found).toMatch(/^could not be checked: depends on /);
    expect(remedyText(found!.remedy!)).not.toMatch(/permissions:|remove|apply/i);
  });
});

describe('the role of the nodes', () => {
  const policyUnder = (Condition: ConditionBlock): Case => {
    const one = healthy('pod-identity');
    const [statement] = listOf(allowing('eks-auth:AssumeRoleForPodIdentity').Statement);
    one.world.managedPolicies[NODE_POLICY] = { Version: '2012-10-17', Statement: { ...statement!, Condition } };
    return one;
  };

  it('depends on a condition that podlift does not know', async () => {
    const diagnosis = await ask(policyUnder({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }));
    expect(notes(diagnosis)).toEqual(['node-role unknown']);
  });

  it('has the tags of the role as those of the principal', async () => {
    const one = policyUnder({ StringEquals: { 'aws:PrincipalTag/team': 'platform' } });
    expect(notes(await ask(one))).toEqual(['node-role problem']);
    const key = `${ACCOUNT}/nodes`;
    one.world.roles[key] = { ...one.world.roles[key]!, tags: { team: 'platform' } };
    expect(notes(await ask(one))).toEqual([]);
  });
});

describe('a role that assumes itself', () => {
  const own = `arn:aws:iam::${ACCOUNT}:role/prod-orders-api`;
  const withSelf = (Action: string[], Condition: ConditionBlock): Case => {
    const one = healthy('dual');
    const self: Statement = { Effect: 'Allow', Principal: { AWS: own }, Action, Condition };
    const facts = one.world.roles[SOURCE]!;
    const Statement = [...listOf(facts.trust.Statement), self];
    one.world.roles[SOURCE] = { ...facts, trust: { Version: '2012-10-17', Statement } };
    return one;
  };
  const IP = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };

  it('is not judged where the same condition decides with and without session tags', async () => {
    expect(notes(await ask(withSelf(['sts:AssumeRole', 'sts:TagSession'], IP)))).toEqual([]);
  });

  it('could not be checked where the condition decides whether the session tags matter', async () => {
    expect(notes(await ask(withSelf(['sts:AssumeRole'], IP)))).toEqual(['self-assume unknown']);
  });
});
