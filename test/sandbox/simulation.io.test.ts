import { SimulatePrincipalPolicyCommand, type SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { allow, APPS, clients, errorOf, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const BUCKET = 'arn:aws:s3:::reports/*';

describe('SimulatePrincipalPolicy', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      {
        account: APPS,
        name: 'app',
        path: '/team/',
        trust: policy(podTrust()),
        inline: {
          own: policy(
            { Effect: 'Allow', Action: ['s3:*', 'sts:AssumeRole'], Resource: '*' },
            { Effect: 'Deny', Action: 's3:DeleteObject', Resource: BUCKET },
            {
              Effect: 'Allow',
              Action: 'sqs:*',
              Resource: '*',
              Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
            },
          ),
        },
      },
      {
        account: APPS,
        name: 'bounded',
        trust: policy(podTrust()),
        inline: { own: allow(['s3:GetObject', 'sqs:SendMessage']) },
        permissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      },
    ]),
  }));
  const simulate = (ActionNames: string[], rest: Partial<SimulatePrincipalPolicyRequest> = {}) =>
    clients(at.sandbox).iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${APPS}:role/team/app`,
        ActionNames,
        ResourceArns: ['arn:aws:s3:::reports/1'],
        ...rest,
      }),
    );
  const decisions = async (...wanted: Parameters<typeof simulate>) =>
    ((await simulate(...wanted)).EvaluationResults ?? []).map(({ EvalDecision }) => EvalDecision);

  it('decides each action by the policies of the role', async () => {
    expect(await decisions(['s3:GetObject', 's3:DeleteObject', 'ec2:RunInstances'])).toEqual([
      'allowed',
      'explicitDeny',
      'implicitDeny',
    ]);
  });

  it('does not ask the trust policy of another role', async () => {
    expect(await decisions(['sts:AssumeRole'], { ResourceArns: [roleArn('bounded')] })).toEqual(['allowed']);
  });

  it('names the policy that decides, and the keys that nobody gave', async () => {
    const { EvaluationResults: [result] = [] } = await simulate(['s3:GetObject']);
    expect(result).toMatchObject({
      EvalActionName: 's3:GetObject',
      EvalResourceName: 'arn:aws:s3:::reports/1',
      MatchedStatements: [{ SourcePolicyId: 'role_app_own', SourcePolicyType: 'role' }],
      MissingContextValues: ['aws:PrincipalTag/team'],
    });
  });

  it('takes the keys of the request', async () => {
    const entry = (value: string) => ({
      ContextEntries: [
        { ContextKeyName: 'aws:PrincipalTag/team', ContextKeyValues: [value], ContextKeyType: 'string' as const },
      ],
    });
    expect(await decisions(['sqs:SendMessage'])).toEqual(['implicitDeny']);
    expect(await decisions(['sqs:SendMessage'], entry('b'))).toEqual(['implicitDeny']);
    expect(await decisions(['sqs:SendMessage'], entry('a'))).toEqual(['allowed']);
  });

  it('adds the policies of the request', async () => {
    const sent = { PolicyInputList: [JSON.stringify(allow('ec2:RunInstances'))] };
    expect(await decisions(['ec2:RunInstances'], sent)).toEqual(['allowed']);
    const boundary = { PermissionsBoundaryPolicyInputList: [JSON.stringify(allow('sqs:*'))] };
    expect(await decisions(['s3:GetObject'], boundary)).toEqual(['implicitDeny']);
  });

  it('says what the permissions boundary allows', async () => {
    const { EvaluationResults: results } = await simulate(['s3:GetObject', 'sqs:SendMessage'], {
      PolicySourceArn: roleArn('bounded'),
      ResourceArns: [],
    });
    expect(results).toMatchObject([
      { EvalDecision: 'allowed', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
      { EvalDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
    ]);
  });

  it.each<[string, Partial<SimulatePrincipalPolicyRequest>, string]>([
    ['a role that does not exist', { PolicySourceArn: roleArn('missing') }, 'NoSuchEntityException'],
    ['an ARN of another service', { PolicySourceArn: 'arn:aws:s3:::reports/something' }, 'InvalidInputException'],
    ['an action without a service', { ActionNames: ['GetObject'] }, 'InvalidInputException'],
    ['a resource policy, which the sandbox does not simulate', { ResourcePolicy: '{}' }, 'NotImplemented'],
  ])('is refused for %s', async (_what, rest, name) => {
    expect(await errorOf(simulate(['s3:GetObject'], rest))).toMatchObject({ name });
  });
});
