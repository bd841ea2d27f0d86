import { principalContext, requestContext } from '../../src/iam/requestContext';
import type { Caller, Context, Request } from '../../src/iam/Request';

const HOME = '111122223333';
const roleArn = `arn:aws:iam::${HOME}:role/podlift/orders`;
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/oidc.example.com/id/A`;
/** Every direct request has these. */
const DIRECT: Context = { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' };
const WITHOUT_MFA: Context = { 'aws:MultiFactorAuthPresent': 'false' };

describe('the keys that a caller implies', () => {
  it.each<[Caller, Context]>([
    [
      { kind: 'session', roleArn, sessionName: 'pod' },
      {
        'aws:PrincipalArn': roleArn,
        'aws:PrincipalAccount': HOME,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        ...WITHOUT_MFA,
      },
    ],
    [
      { kind: 'session', roleArn, sessionName: 'pod', madeBy: 'AssumeRoleWithWebIdentity', provider: PROVIDER },
      {
        'aws:PrincipalArn': roleArn,
        'aws:PrincipalAccount': HOME,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        'aws:FederatedProvider': PROVIDER,
      },
    ],
    [
      { kind: 'role', roleArn },
      {
        'aws:PrincipalArn': roleArn,
        'aws:PrincipalAccount': HOME,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        ...WITHOUT_MFA,
      },
    ],
    [
      { kind: 'user', arn: `arn:aws:iam::${HOME}:user/team/ana` },
      {
        'aws:PrincipalArn': `arn:aws:iam::${HOME}:user/team/ana`,
        'aws:PrincipalAccount': HOME,
        'aws:PrincipalType': 'User',
        'aws:PrincipalIsAWSService': 'false',
        'aws:username': 'ana',
      },
    ],
    [
      { kind: 'account', arn: `arn:aws:iam::${HOME}:root` },
      {
        'aws:PrincipalArn': `arn:aws:iam::${HOME}:root`,
        'aws:PrincipalAccount': HOME,
        'aws:PrincipalType': 'Account',
        'aws:PrincipalIsAWSService': 'false',
      },
    ],
    [
      { kind: 'service', service: 'ec2.amazonaws.com' },
      {
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': 'ec2.amazonaws.com',
        'aws:PrincipalServiceNamesList': ['ec2.amazonaws.com'],
      },
    ],
    [
      { kind: 'federated', provider: 'arn:aws:iam::1:oidc-provider/x' },
      { 'aws:FederatedProvider': 'arn:aws:iam::1:oidc-provider/x', 'aws:PrincipalAccount': 'anonymous' },
    ],
    [{ kind: 'federated', provider: 'arn:aws:iam::1:saml-provider/x' }, { 'aws:PrincipalAccount': 'anonymous' }],
    [{ kind: 'anonymous' }, { 'aws:PrincipalType': 'Anonymous', 'aws:PrincipalAccount': 'anonymous' }],
    [
      { kind: 'account', arn: 'no ARN' },
      {
        'aws:PrincipalArn': 'no ARN',
        'aws:PrincipalAccount': '',
        'aws:PrincipalType': 'Account',
        'aws:PrincipalIsAWSService': 'false',
      },
    ],
  ])('%j', (caller, expected) => {
    expect(principalContext({ caller, resource: '*' })).toEqual({ ...DIRECT, ...expected });
  });

  it.each([
    [{ resource: `arn:aws:sqs:us-west-2:${HOME}:queue` }, HOME],
    [{ resource: 'arn:aws:s3:::bucket' }, undefined],
    [{ resource: 'arn:aws:s3:::bucket', resourceAccount: HOME }, HOME],
    [{ resource: '*' }, undefined],
  ])('of %j is the account %s', (resource, expected) => {
    expect(principalContext({ caller: { kind: 'anonymous' }, ...resource })['aws:ResourceAccount']).toBe(expected);
  });
});

describe('the context of a request', () => {
  const request: Request = {
    caller: { kind: 'session', roleArn, sessionName: 'pod' },
    action: 's3:GetObject',
    resource: '*',
    context: { 'AWS:PrincipalArn': 'given', 'aws:principalType': [], 'sts:Empty': [], 'aws:TagKeys': ['a', 'b'] },
  };

  it('has its keys in lower case, and what the request gives before what the caller implies', () => {
    const { get } = requestContext(request);
    const values = {
      'aws:principalarn': ['given'],
      'aws:principalaccount': [HOME],
      'aws:principalisawsservice': ['false'],
      'aws:tagkeys': ['a', 'b'],
      'aws:principaltype': undefined,
      'sts:empty': undefined,
    };
    expect(Object.fromEntries(Object.keys(values).map((key) => [key, get(key)]))).toEqual(values);
  });
});
