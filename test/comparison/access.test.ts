import {
  dependsOnAudience,
  podAccess,
  selfAccess,
  type ServiceAccountPods,
  timeContext,
  tokenAccess,
} from '../../src/comparison/access';
import type { Access } from '../../src/iam/credentialAccess';
import type { Statement } from '../../src/iam/PolicyDocument';
import { clusterOf, clusterWithout, environmentOf, podsOf, workloadOf } from '../blueprint/inventoryOf';
import { allow, documentOf } from './roleOf';

const ARN = 'arn:aws:iam::333333333333:role/prod-orders-api';
const CLUSTER = clusterOf();
const ISSUER = CLUSTER.oidc!.issuer.slice('https://'.length);
const ENVIRONMENT = environmentOf();
const PODS = podsOf(workloadOf());
const NOW = new Date('2026-05-01T12:00:00Z');

const oidc = (Condition: NonNullable<Statement['Condition']>): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${ISSUER}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition,
});
const service = (Condition: NonNullable<Statement['Condition']>): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition,
});
const claims = (parts: { sub?: string; aud?: string }) => ({
  StringEquals: Object.fromEntries(Object.entries(parts).map(([key, value]) => [`${ISSUER}:${key}`, value])),
});
const SUB = 'system:serviceaccount:production:orders-api';
const BEFORE_JUNE = { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } };

/** The result, and what it depends on. */
const textOf = (access: Access<unknown>) =>
  access.result === 'depends' ? `depends on ${access.dependsOn.map(({ key }) => key).join()}` : access.result;

describe('the access of pods by a token', () => {
  const irsa = (statement: Statement, pods: Partial<ServiceAccountPods> = {}, now?: Date) =>
    textOf(
      podAccess({ arn: ARN, trust: documentOf(statement) }, ENVIRONMENT, { ...PODS, ...pods }, CLUSTER, 'irsa', now),
    );

  it.each<[string, Statement, string]>([
    ['for their subject and the usual audience', oidc(claims({ sub: SUB, aud: 'sts.amazonaws.com' })), 'allowed'],
    ['for another subject', oidc(claims({ sub: `${SUB}-2`, aud: 'sts.amazonaws.com' })), 'denied'],
    [
      'for another audience: a service account can name it',
      oidc(claims({ sub: SUB, aud: 'x' })),
      `depends on ${ISSUER}:aud`,
    ],
    ['for another subject and another audience', oidc(claims({ sub: 'x', aud: 'x' })), 'denied'],
    ['for Pod Identity alone', service({}), 'denied'],
  ])('%s', (_what, statement, result) => {
    expect(irsa(statement)).toBe(result);
  });

  it.each([
    ['x', 'allowed'],
    ['y', 'denied'],
    ['sts.amazonaws.com', 'denied'],
  ])('with the audience %s that the service account names', (audience, result) => {
    expect(irsa(oidc(claims({ sub: SUB, aud: 'x' })), { audience })).toBe(result);
  });

  it('depends on the time until it is known', () => {
    const statement = oidc({ ...claims({ sub: SUB }), ...BEFORE_JUNE });
    expect(irsa(statement)).toBe('depends on aws:CurrentTime');
    expect(irsa(statement, {}, NOW)).toBe('allowed');
    expect(irsa(statement, { audience: 'x' }, NOW)).toBe('allowed');
    expect(irsa(statement, {}, new Date('2026-07-01T00:00:00Z'))).toBe('denied');
    const otherAudience = oidc({ ...claims({ sub: SUB, aud: 'x' }), ...BEFORE_JUNE });
    expect(irsa(otherAudience, {}, NOW)).toBe(`depends on ${ISSUER}:aud`);
  });

  it('is denied without a decision on a cluster without an issuer', () => {
    const role = { arn: ARN, trust: documentOf(oidc({})) };
    expect(podAccess(role, ENVIRONMENT, PODS, clusterWithout('oidc'), 'irsa')).toEqual({
      result: 'denied',
      denied: [],
    });
  });

  it('is by the provider in the environment’s account and partition', () => {
    const role = { arn: ARN, trust: documentOf(oidc({})) };
    const inChina = environmentOf({ partition: 'aws-cn' });
    const elsewhere = environmentOf({ account: { key: 'x', id: '444444444444' } });
    expect([ENVIRONMENT, inChina, elsewhere].map((one) => podAccess(role, one, PODS, CLUSTER, 'irsa').result)).toEqual([
      'allowed',
      'denied',
      'denied',
    ]);
  });

  it.each([
    [{ name: 'orders' }, 'trust policy of orders'],
    [{}, `trust policy of ${ARN}`],
  ])('is explained by the role’s name, or else its ARN: %j', (named, policy) => {
    const role = { arn: ARN, trust: documentOf(oidc(claims({ sub: 'x' }))), ...named };
    const accesses = [
      podAccess(role, ENVIRONMENT, PODS, CLUSTER, 'irsa'),
      podAccess(role, ENVIRONMENT, PODS, CLUSTER, 'pod-identity'),
      tokenAccess(role, ENVIRONMENT, { issuer: CLUSTER.oidc!.issuer, subject: SUB }),
    ];
    for (const access of accesses)
      expect(access).toMatchObject({ denied: [{ statements: [{ policy }] }, ...(access === accesses[1] ? [{}] : [])] });
  });
});

describe('the access of pods by EKS', () => {
  const pods = (condition: NonNullable<Statement['Condition']>, parts: Partial<ServiceAccountPods> = {}, now?: Date) =>
    textOf(
      podAccess(
        { arn: ARN, trust: documentOf(service(condition)) },
        ENVIRONMENT,
        { ...PODS, ...parts },
        CLUSTER,
        'pod-identity',
        now,
      ),
    );
  const tag = (key: string, value: string) => ({ StringLike: { [`aws:RequestTag/${key}`]: value } });

  it.each<[string, NonNullable<Statement['Condition']>, string]>([
    ['without a condition', {}, 'allowed'],
    ['for their cluster', tag('eks-cluster-arn', CLUSTER.arn), 'allowed'],
    ['for another cluster', tag('eks-cluster-arn', `${CLUSTER.arn}-2`), 'denied'],
    ['for their namespace', tag('kubernetes-namespace', 'production'), 'allowed'],
    ['for another namespace', tag('kubernetes-namespace', 'staging'), 'denied'],
    ['for names as of a Deployment', tag('kubernetes-pod-name', 'orders-api-*'), 'allowed'],
    ['for one pod', tag('kubernetes-pod-name', 'orders-api-0'), 'depends on aws:RequestTag/kubernetes-pod-name'],
    ['from another account', { StringEquals: { 'aws:SourceAccount': '444444444444' } }, 'denied'],
  ])('%s', (_what, condition, result) => {
    expect(pods(condition)).toBe(result);
  });

  it('is denied to an association without session tags where the trust policy wants some', () => {
    expect(pods(tag('kubernetes-namespace', 'production'), { sessionTags: false })).toBe('denied');
    expect(pods({}, { sessionTags: false })).toBe('allowed');
  });

  it('depends on the time until it is known', () => {
    expect([pods(BEFORE_JUNE), pods(BEFORE_JUNE, {}, NOW)]).toEqual(['depends on aws:CurrentTime', 'allowed']);
  });

  it('names both actions where both are denied', () => {
    const access = podAccess({ arn: ARN, trust: documentOf() }, ENVIRONMENT, PODS, CLUSTER, 'pod-identity');
    expect(access).toMatchObject({ denied: [{ action: 'sts:AssumeRole' }, { action: 'sts:TagSession' }] });
  });
});

describe('the access of a token', () => {
  const token = { issuer: CLUSTER.oidc!.issuer, subject: SUB };
  const access = (condition: NonNullable<Statement['Condition']>, audience?: string, now?: Date) =>
    tokenAccess(
      { arn: ARN, trust: documentOf(oidc(condition)) },
      ENVIRONMENT,
      { ...token, ...(audience !== undefined && { audience }) },
      now,
    );

  it.each([
    ['x', 'allowed'],
    ['y', 'denied'],
    [undefined, 'depends'],
  ])('of audience %s, where the trust policy wants x', (audience, result) => {
    expect(access(claims({ sub: SUB, aud: 'x' }), audience).result).toBe(result);
  });

  it('depends on the time until it is known', () => {
    expect([access(BEFORE_JUNE).result, access(BEFORE_JUNE, 'x', NOW).result]).toEqual(['depends', 'allowed']);
  });

  it('can depend on its audience, beside other conditions and whatever their case', () => {
    const both = access({ ...BEFORE_JUNE, StringEquals: { [`${ISSUER}:AUD`]: 'x' } });
    expect(both).toMatchObject({ dependsOn: [{}, {}] });
    expect(dependsOnAudience(both)).toBe(true);
    expect(dependsOnAudience(access(BEFORE_JUNE))).toBe(false);
    expect(dependsOnAudience(access({ StringEquals: { [`${ISSUER}:audience`]: 'x' } }))).toBe(false);
    expect(dependsOnAudience(access({}, 'x'))).toBe(false);
  });
});

describe('the access of a role to itself', () => {
  const self = (Principal: Statement['Principal'], more: Partial<Statement> = {}): Statement => ({
    Effect: 'Allow',
    Principal: Principal!,
    Action: 'sts:AssumeRole',
    ...more,
  });
  const [BY_ARN, BY_ACCOUNT] = [self({ AWS: ARN }), self({ AWS: 'arn:aws:iam::333333333333:root' })];
  const permission = { name: 'inline', document: documentOf(allow('sts:AssumeRole', ARN)) };
  const nothing = { name: 'boundary', document: documentOf() };
  const access = (trust: Statement, session: Partial<Parameters<typeof selfAccess>[1]> = {}) =>
    selfAccess({ arn: ARN, trust: documentOf(trust) }, { identity: [], ...session });

  it.each<[string, ReturnType<typeof access>, string]>([
    ['by a trust policy that names the role', access(BY_ARN), 'allowed'],
    ['by a trust policy for the account, and a permission', access(BY_ACCOUNT, { identity: [permission] }), 'allowed'],
    ['by a trust policy for the account alone', access(BY_ACCOUNT), 'denied'],
    ['by a permission alone', access(service({}), { identity: [permission] }), 'denied'],
    ['against its boundary', access(BY_ACCOUNT, { identity: [permission], boundary: nothing }), 'denied'],
    [
      'by its own tags',
      access(self({ AWS: ARN }, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } }), {
        roleTags: { team: 'shop' },
      }),
      'allowed',
    ],
  ])('%s', (_what, { result }, expected) => {
    expect(result).toBe(expected);
  });

  it('is explained by the role’s ARN', () => {
    expect(access(service({}))).toMatchObject({
      denied: {
        target: [
          { statements: expect.arrayContaining([expect.objectContaining({ policy: `trust policy of ${ARN}` })]) },
        ],
      },
    });
  });
});

it('has the time as IAM has it: a date, and whole seconds', () => {
  expect(timeContext(new Date('2026-05-01T12:00:00.900Z'))).toEqual({
    'aws:CurrentTime': '2026-05-01T12:00:00.900Z',
    'aws:EpochTime': '1777636800',
  });
});
