import type { AssumeRoleAttempt } from '../../src/iam/decideAssumeRole';
import type { NamedPolicy } from '../../src/iam/Decision';
import type { ConditionBlock, Statement } from '../../src/iam/PolicyDocument';

const ACCOUNT = '333333333333';
export const SOURCE = `arn:aws:iam::${ACCOUNT}:role/podlift/prod-orders-api`;
export const TARGET = 'arn:aws:iam::444444444444:role/prod-orders-api-ledger';
export const CLUSTER = `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-main`;
export const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/AAAA1111';
export const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;

export const tags = {
  'eks-cluster-arn': CLUSTER,
  'eks-cluster-name': 'prod-main',
  'kubernetes-namespace': 'production',
  'kubernetes-service-account': 'orders-api',
  'kubernetes-pod-name': 'orders-api-x2x7k',
  'kubernetes-pod-uid': '0b1c2d3e',
};

const conditions = {
  'aws:RequestTag/eks-cluster-arn': [CLUSTER],
  'aws:RequestTag/kubernetes-namespace': 'production',
  'aws:RequestTag/kubernetes-service-account': 'orders-api',
};

export function trust(...Statement: readonly Statement[]): NamedPolicy {
  return { name: 'trust policy', document: { Version: '2012-10-17', Statement } };
}

export const podIdentity: Statement = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT, ...conditions } },
};

const irsa: Statement = {
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: {
      [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api',
      [`${ISSUER}:aud`]: 'sts.amazonaws.com',
    },
  },
};

export const viaPodIdentity: AssumeRoleAttempt = {
  caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
  operation: 'sts:AssumeRole',
  roleArn: SOURCE,
  trust: trust(irsa, podIdentity),
  context: { 'aws:SourceAccount': ACCOUNT },
  tags,
  transitiveTagKeys: Object.keys(tags),
};

export const viaIrsa: AssumeRoleAttempt = {
  caller: { kind: 'federated', provider: PROVIDER },
  operation: 'sts:AssumeRoleWithWebIdentity',
  roleArn: SOURCE,
  trust: trust(irsa, podIdentity),
  context: { [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api', [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
};

export const permissions: NamedPolicy = {
  name: 'permissions',
  document: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: TARGET },
  },
};

export function hopStatement(Action: Statement['Action'] & {}, Condition: ConditionBlock): Statement {
  return { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action, Condition };
}

export const fromSource = { ArnEquals: { 'aws:PrincipalArn': SOURCE } };
export const tagged = hopStatement(['sts:AssumeRole', 'sts:TagSession'], { ...fromSource, StringEquals: conditions });
export const untagged = hopStatement('sts:AssumeRole', fromSource);

export const hop: AssumeRoleAttempt = {
  caller: { kind: 'session', roleArn: SOURCE, sessionName: 'eks-prod-main-orders-api' },
  operation: 'sts:AssumeRole',
  roleArn: TARGET,
  trust: trust(tagged),
  callerPolicies: { identity: [permissions] },
  inheritedTags: tags,
};
