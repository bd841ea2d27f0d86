import { accessOf, hopAccessOf } from '../../src/iam/credentialAccess';
import {
  hopRequest,
  type HopRequest,
  type Pod,
  podIdentityRequest,
  sessionTagsOf,
  webIdentityRequest,
} from '../../src/iam/credentialRequests';
import type { AssumeRoleAttempt } from '../../src/iam/decideAssumeRole';
import type { Decision, NamedPolicy } from '../../src/iam/Decision';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';

const EKS = 'pods.eks.amazonaws.com';
const ARN = 'arn:aws:iam::111111111111:role/billing';
const OTHER = 'arn:aws:iam::222222222222:role/ledger';
const POD: Pod = {
  accountId: '111111111111',
  clusterArn: 'arn:aws:eks:eu-west-1:111111111111:cluster/main',
  clusterName: 'main',
  namespace: 'shop',
  serviceAccount: 'billing',
};

const documentOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const roleOf = (...statements: Statement[]) => ({ name: 'billing', arn: ARN, trust: documentOf(...statements) });

/** The denied actions; a result that depends on conditions is a mistake of the test. */
function deniedActions(attempt: AssumeRoleAttempt): readonly Decision[] {
  const access = accessOf(attempt);
  if (access.result === 'depends') throw new Error('the access depends on conditions');
  return access.result === 'allowed' ? [] : access.denied;
}

function deniedHop(request: HopRequest) {
  const access = hopAccessOf(request);
  if (access.result === 'depends') throw new Error('the hop depends on conditions');
  return access.result === 'allowed' ? { source: [], target: [] } : access.denied;
}

const actionsOf = (decisions: readonly { readonly action: string }[]) => decisions.map(({ action }) => action);

describe('web identity', () => {
  const provider = 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1';
  const token = { provider, subject: 'system:serviceaccount:shop:billing', audience: 'sts.amazonaws.com' };
  const role = roleOf({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        'oidc.eks.eu-west-1.amazonaws.com/id/A1:sub': token.subject,
        'oidc.eks.eu-west-1.amazonaws.com/id/A1:aud': token.audience,
      },
    },
  });

  test('a token with the subject and the audience of the trust policy is allowed', () => {
    expect(deniedActions(webIdentityRequest(role, token))).toEqual([]);
  });

  test.each([
    ['subject', { subject: 'system:serviceaccount:shop:other' }],
    ['audience', { audience: EKS }],
    ['provider', { provider: provider.replace('A1', 'B2') }],
  ])('a token with another %s is denied', (_, part) => {
    expect(actionsOf(deniedActions(webIdentityRequest(role, { ...token, ...part })))).toEqual([
      'sts:AssumeRoleWithWebIdentity',
    ]);
  });
});

describe('EKS Pod Identity', () => {
  const both = ['sts:AssumeRole', 'sts:TagSession'];
  const trusting = (Action: string | string[], Condition: Statement['Condition'] = {}) =>
    roleOf({ Effect: 'Allow', Principal: { Service: EKS }, Action, Condition });

  test.each([true, false])('needs both actions, with session tags: %s', (tagged) => {
    const denied = (action: string | string[]) =>
      actionsOf(deniedActions(podIdentityRequest(trusting(action), POD, { service: EKS, tagged })));
    expect(denied(both)).toEqual([]);
    expect(denied('sts:AssumeRole')).toEqual(['sts:TagSession']);
    expect(denied('sts:TagSession')).toEqual(['sts:AssumeRole']);
    expect(denied([])).toEqual(both);
  });

  const tags = Object.entries(sessionTagsOf(POD)).map(([tag, value]) => [`aws:RequestTag/${tag}`, value]);
  test.each<string[]>([['aws:SourceAccount', POD.accountId], ['aws:SourceArn', POD.clusterArn], ...tags])(
    'carries %s',
    (key = '', value = '') => {
      const role = trusting(both, { StringEquals: { [key]: value } });
      expect(deniedActions(podIdentityRequest(role, POD, { service: EKS, tagged: true }))).toEqual([]);
    },
  );

  test('carries no tag where session tags are disabled', () => {
    const role = trusting(both, { Null: { 'aws:TagKeys': 'true', 'aws:RequestTag/eks-cluster-arn': 'true' } });
    expect(deniedActions(podIdentityRequest(role, POD, { service: EKS, tagged: false }))).toEqual([]);
  });

  test('another service is denied', () => {
    const request = podIdentityRequest(trusting(both), POD, { service: 'ec2.amazonaws.com', tagged: true });
    expect(actionsOf(deniedActions(request))).toEqual(both);
  });
});

describe('a hop', () => {
  const may = (...actions: string[]): NamedPolicy => ({
    name: 'permissions',
    document: documentOf({ Effect: 'Allow', Action: actions, Resource: '*' }),
  });
  const target = (Action: string[], Condition: Statement['Condition'] = {}) => ({
    ...roleOf({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action, Condition }),
    name: 'ledger',
    arn: OTHER,
  });
  const carries = sessionTagsOf(POD);
  const both = ['sts:AssumeRole', 'sts:TagSession'];

  test('names each end that denies, and the action', () => {
    const request = hopRequest(target(['sts:AssumeRole']), { from: ARN, identity: [may('sts:TagSession')], carries });
    const { source, target: trust } = deniedHop(request);
    expect([actionsOf(source), actionsOf(trust)]).toEqual([['sts:AssumeRole'], ['sts:TagSession']]);
  });

  test('needs sts:TagSession only with session tags', () => {
    const role = target(['sts:AssumeRole']);
    expect(deniedActions(hopRequest(role, { from: ARN, identity: [may('sts:AssumeRole')] }))).toEqual([]);
  });

  test('is limited by the permissions boundary of its source', () => {
    const request = hopRequest(target(both), { from: ARN, identity: [may('*')], boundary: may('s3:*') });
    const { source, target: trust } = deniedHop(request);
    expect([actionsOf(source), actionsOf(trust)]).toEqual([['sts:AssumeRole'], []]);
  });

  test('carries tags of the principal and the external id', () => {
    const role = target(both, {
      StringEquals: { 'aws:PrincipalTag/team': 'shop', 'sts:ExternalId': 'eu-west-1/111111111111/main/shop/billing' },
    });
    const session = { from: ARN, identity: [may('*')], roleTags: { team: 'shop' } };
    const externalId = 'eu-west-1/111111111111/main/shop/billing';
    expect(deniedActions(hopRequest(role, { ...session, externalId }))).toEqual([]);
    expect(actionsOf(deniedHop(hopRequest(role, session)).target)).toEqual(['sts:AssumeRole']);
  });

  test('inside an account a trust policy that names the session’s role needs no permission', () => {
    const role = roleOf({ Effect: 'Allow', Principal: { AWS: ARN }, Action: both });
    const { source, target: trust } = deniedHop(hopRequest(role, { from: ARN, identity: [], carries }));
    expect([source, trust]).toEqual([[], []]);
  });
});
