import { accessOf } from '../../src/iam/credentialAccess';
import {
  accountRootOf,
  ANY_POD,
  byAnyPod,
  byApp,
  byEks,
  hopRequest,
  type Pod,
  podIdentityRequest,
  type RoleSession,
  sessionTagsOf,
  webIdentityRequest,
} from '../../src/iam/credentialRequests';
import type { ConditionBlock, Statement } from '../../src/iam/PolicyDocument';

const EKS = 'pods.eks.amazonaws.com';
const SOURCE = 'arn:aws:iam::111111111111:role/billing';
const TARGET = 'arn:aws:iam::222222222222:role/ledger';
const POD: Pod = {
  accountId: '111111111111',
  clusterArn: 'arn:aws:eks:eu-west-1:111111111111:cluster/main',
  clusterName: 'main',
  namespace: 'shop',
  serviceAccount: 'billing',
};
const TAGS = sessionTagsOf(POD);
const OWN_NAME = TAGS['kubernetes-pod-name'];
const OTHERS = {
  'eks-cluster-arn': POD.clusterArn,
  'eks-cluster-name': 'main',
  'kubernetes-namespace': 'shop',
  'kubernetes-service-account': 'billing',
};
const BOTH = ['sts:AssumeRole', 'sts:TagSession'];

function roleOf(arn: string, Principal: Statement['Principal'] & {}, Condition: ConditionBlock = {}) {
  const Statement: Statement = { Effect: 'Allow', Principal, Action: BOTH, Condition };
  return { name: 'ledger', arn, trust: { Version: '2012-10-17' as const, Statement } };
}

const byPod = (Condition: ConditionBlock = {}, tagged = true) =>
  podIdentityRequest(roleOf(SOURCE, { Service: EKS }, Condition), POD, { service: EKS, tagged });
const bySession = (Condition: ConditionBlock = {}, session: Partial<RoleSession> = {}) =>
  hopRequest(roleOf(TARGET, { AWS: SOURCE }, Condition), { from: SOURCE, identity: [ALLOWING], ...session });
const ALLOWING = {
  name: 'permissions',
  document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
} as const;
const equals = (key: string, wanted: string | string[]): ConditionBlock => ({ StringEquals: { [key]: wanted } });

/** What every direct request to STS has. */
const TO_STS = { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' };

describe('a request by any pod of a service account', () => {
  it('has the tags of all its pods, and a name and a uid of which nothing is known', () => {
    const { tags, inheritedTags, sets, context } = byAnyPod(byPod());
    expect(tags).toEqual(OTHERS);
    expect(inheritedTags).toBeUndefined();
    expect(sets).toEqual({
      'aws:RequestTag/kubernetes-pod-name': ANY_POD,
      'aws:RequestTag/kubernetes-pod-uid': ANY_POD,
    });
    expect(context).toEqual({ ...TO_STS, 'aws:SourceAccount': POD.accountId, 'aws:SourceArn': POD.clusterArn });
  });

  it('has them as tags of its principal too where its session carries them', () => {
    const { tags, inheritedTags, sets, context } = byAnyPod(
      bySession({}, { carries: TAGS, roleTags: { team: 'shop' } }),
    );
    expect(inheritedTags).toEqual(OTHERS);
    expect(tags).toBeUndefined();
    expect(Object.keys(sets ?? {}).toSorted()).toEqual([
      'aws:PrincipalTag/kubernetes-pod-name',
      'aws:PrincipalTag/kubernetes-pod-uid',
      'aws:RequestTag/kubernetes-pod-name',
      'aws:RequestTag/kubernetes-pod-uid',
    ]);
    const principal = Object.entries({ team: 'shop', ...OTHERS }).map(([tag, value]) => [
      `aws:PrincipalTag/${tag}`,
      value,
    ]);
    expect(context).toEqual(Object.fromEntries(principal));
  });

  it.each(['kubernetes-pod-name', 'kubernetes-pod-uid'])('is so with %s alone', (tag) => {
    expect(byAnyPod({ ...byPod(), tags: { [tag]: 'x', team: 'shop' } }).tags).toEqual({ team: 'shop' });
    expect(byAnyPod(bySession({}, { carries: { [tag]: 'x' } })).inheritedTags).toEqual({});
  });

  it('keeps what else is known of sets of values', () => {
    const known = { like: 'vpc-*', except: [] };
    expect(byAnyPod({ ...byPod(), sets: { 'aws:SourceVpc': known } }).sets).toMatchObject({ 'aws:SourceVpc': known });
  });

  it.each([
    ['has no tags', byPod({}, false)],
    ['has only tags that all pods have', { ...byPod(), tags: OTHERS }],
    ['has no tags of its own and inherits those that all pods have', bySession({}, { carries: OTHERS })],
  ])('is the same request where it %s', (_, attempt) => {
    expect(byAnyPod(attempt)).toBe(attempt);
  });

  it.each<[string, ConditionBlock, string]>([
    ['the name of one pod', equals('aws:RequestTag/kubernetes-pod-name', OWN_NAME), 'depends'],
    ['some name', { StringLike: { 'aws:RequestTag/kubernetes-pod-name': '*' } }, 'allowed'],
    ['a name that no pod can have', equals('aws:RequestTag/kubernetes-pod-name', 'Billing'), 'denied'],
    ['the namespace', equals('aws:RequestTag/kubernetes-namespace', 'shop'), 'allowed'],
  ])('gets a role under %s: %3$s', (_, Condition, expected) => {
    expect(accessOf(byAnyPod(byPod(Condition))).result).toBe(expected);
  });
});

describe('what is known of a request', () => {
  it.each<[string, ConditionBlock, string]>([
    ['an external id, which EKS does not send here', equals('sts:ExternalId', 'x'), 'denied'],
    ['a source identity, which EKS does not send', equals('sts:SourceIdentity', 'x'), 'denied'],
    ['another tag, which EKS does not send', equals('aws:RequestTag/team', 'x'), 'denied'],
    ['a further tag key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }, 'denied'],
    ['an address, which nobody knows', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'depends'],
  ])('by a pod under %s', (_, Condition, expected) => {
    const access = accessOf(byPod(Condition));
    expect(access.result).toBe(expected);
    if (access.result === 'denied') expect(access.denied.map(({ action }) => action)).toEqual(BOTH);
  });

  it('by a web identity token does not have an audience that nobody knows', () => {
    const provider = 'arn:aws:iam::111111111111:oidc-provider/oidc.example.com/id/A';
    const Condition = equals('oidc.example.com/id/A:aud', 'sts.amazonaws.com');
    const Statement: Statement = {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition,
    };
    const role = { name: 'billing', arn: SOURCE, trust: { Statement } };
    const token = { provider, subject: 'system:serviceaccount:shop:billing' };
    expect(webIdentityRequest(role, token).context).toStrictEqual({
      ...TO_STS,
      'oidc.example.com/id/A:sub': token.subject,
    });
    expect(accessOf(webIdentityRequest(role, token)).result).toBe('depends');
    expect(accessOf(webIdentityRequest(role, { ...token, audience: 'sts.amazonaws.com' })).result).toBe('allowed');
  });

  it.each<[string, ConditionBlock, string, string, string]>([
    ['an external id', equals('sts:ExternalId', 'x'), 'denied', 'denied', 'depends'],
    ['a source identity', equals('sts:SourceIdentity', 'x'), 'depends', 'denied', 'depends'],
    ['a tag', equals('aws:RequestTag/team', 'x'), 'denied', 'denied', 'depends'],
    ['a tag of the principal', equals('aws:PrincipalTag/team', 'x'), 'denied', 'denied', 'denied'],
    ['an address', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'depends', 'depends', 'depends'],
  ])('by a session under %s: %3$s, by EKS %4$s, by an app %5$s', (_, Condition, itself, eks, app) => {
    const hop = bySession(Condition);
    expect([hop, byEks(hop), byApp(hop)].map((one) => accessOf(one).result)).toEqual([itself, eks, app]);
  });

  it('by a session is named for its role, and is that of the trust policy of the requested role', () => {
    expect(bySession()).toMatchObject({ caller: { sessionName: 'pod' }, trust: { name: 'trust policy of ledger' } });
  });

  it('by EKS keeps what was known of it', () => {
    const hop = bySession();
    expect(byEks(hop).completeKeys).toEqual([...hop.completeKeys, 'sts:SourceIdentity']);
  });

  it('by a session has only what is given', () => {
    expect(bySession()).not.toHaveProperty('inheritedTags');
    expect(bySession()).not.toHaveProperty('tags');
    expect(bySession().context).toStrictEqual({});
    expect(bySession().callerPolicies).toStrictEqual({ identity: [ALLOWING] });
    expect(bySession({}, { sends: { team: 'shop' } }).tags).toEqual({ team: 'shop' });
  });
});

describe('an app whose session carries tags', () => {
  const keys = Object.keys(TAGS);
  const only = (key: string): ConditionBlock => ({ 'ForAllValues:StringEquals': { [key]: keys } });

  it.each(['aws:TagKeys', 'sts:TransitiveTagKeys'])('can have more than those in %s', (key) => {
    const hop = bySession(only(key), { carries: TAGS });
    expect(accessOf(hop).result).toBe('allowed');
    expect(accessOf(byApp(hop)).result).toBe('depends');
  });

  it('sends tags in any case: some key is there', () => {
    const hop = bySession({ Null: { 'aws:TagKeys': 'false' } }, { carries: TAGS });
    expect(accessOf(byApp(hop)).result).toBe('allowed');
  });

  it('keeps what else is known of sets of values', () => {
    const sets = { 'aws:SourceVpc': { like: 'vpc-*', except: [] } };
    expect(byApp({ ...bySession({}, { carries: TAGS }), sets }).sets).toMatchObject(sets);
    expect(byApp(bySession())).not.toHaveProperty('sets');
  });
});

describe('the principal of a whole account', () => {
  it.each([
    ['arn:aws:iam::111111111111:role/billing', 'arn:aws:iam::111111111111:root'],
    ['arn:aws-cn:iam::222222222222:role/a/b', 'arn:aws-cn:iam::222222222222:root'],
  ])('of %s is %s', (roleArn, expected) => {
    expect(accountRootOf(roleArn)).toBe(expected);
  });
});
