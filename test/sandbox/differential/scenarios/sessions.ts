import { accountTrust, APPS, policy, roleArn } from '../../testSandbox';
import { AWS_POLICY, createPolicy, iam, MISSING, POLICY, READ, role, type Scenario, sts, tags, TRUST } from './call';

const session = { RoleArn: roleArn('r'), RoleSessionName: 'session' };
const EXTERNAL = JSON.stringify(
  policy(accountTrust(APPS, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'external' } })),
);
const TOKEN = ['{"alg":"RS256"}', '{"iss":"https://token.example.com","sub":"x","aud":"sts.amazonaws.com"}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** Sessions of STS. */
export const SESSIONS: readonly Scenario[] = [
  {
    name: 'sessions',
    calls: [
      iam('CreateRole', {
        ...role,
        AssumeRolePolicyDocument: JSON.stringify(policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession']))),
      }),
      sts('GetCallerIdentity'),
      ...[undefined, 899, 900, 3600, 3601, 43_200, 43_201].map((DurationSeconds) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', DurationSeconds }),
      ),
      ...['', 'a', 'ab', 'a b', 'x'.repeat(64), 'x'.repeat(65)].map((RoleSessionName) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName }),
      ),
      ...['', 'x', 'arn:aws:iam::111111111111:role/none', 'arn:aws:iam::111111111111:user/r'].map((RoleArn) =>
        sts('AssumeRole', { RoleArn, RoleSessionName: 'session' }),
      ),
      ...[tags(1), tags(50), tags(51), [...tags(1), ...tags(1)]].map((Tags) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', Tags }),
      ),
      ...['x', '{}', READ].map((Policy) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', Policy }),
      ),
    ],
  },
  {
    name: 'conditions, policies and tags of sessions',
    calls: [
      iam('CreateRole', {
        ...role,
        AssumeRolePolicyDocument: JSON.stringify(policy(accountTrust(APPS, 'sts:AssumeRole'))),
      }),
      iam('CreateRole', { RoleName: 'external', AssumeRolePolicyDocument: EXTERNAL }),
      iam('CreateRole', { RoleName: 'pod', AssumeRolePolicyDocument: TRUST }),
      createPolicy,
      sts('AssumeRole', { ...session, Tags: tags(1) }),
      sts('AssumeRole', { ...session, RoleArn: roleArn('pod') }),
      ...[undefined, 'x', 'external', 'other', 'x'.repeat(1225)].map((ExternalId) =>
        sts('AssumeRole', { ...session, RoleArn: roleArn('external'), ExternalId }),
      ),
      ...[POLICY, AWS_POLICY, MISSING, 'no arn, but long enough'].map((arn) =>
        sts('AssumeRole', { ...session, PolicyArns: [{ arn }] }),
      ),
      sts('AssumeRole', { ...session, PolicyArns: Array.from({ length: 11 }, () => ({ arn: POLICY })) }),
      sts('AssumeRole', { ...session, Policy: 'x'.repeat(2049) }),
      ...[TOKEN, 'x', ''].map((WebIdentityToken) => sts('AssumeRoleWithWebIdentity', { ...session, WebIdentityToken })),
    ],
  },
];
