import {
  CreateRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { allow, clients, APPS, errorOf, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const TRUST = JSON.stringify(policy(podTrust()), null, 2);

describe('IAM roles', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));
  const iam = () => clients(at.sandbox).iam;
  const create = (name: string, rest: object = {}) =>
    iam().send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST, ...rest }));

  it.each([
    ['a name that is taken but for case', { RoleName: 'TAKEN' }, 'EntityAlreadyExistsException', 409],
    ['a name with a blank', { RoleName: 'a b' }, 'ValidationError', 400],
    ['a name of 65 characters', { RoleName: 'x'.repeat(65) }, 'ValidationError', 400],
    ['a path without its last slash', { Path: '/podlift' }, 'ValidationError', 400],
    ['a session of 59 minutes', { MaxSessionDuration: 3540 }, 'ValidationError', 400],
    ['a trust policy that is no JSON', { AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocumentException', 400],
    [
      'a trust policy with a Resource',
      { AssumeRolePolicyDocument: JSON.stringify(allow('sts:AssumeRole')) },
      'MalformedPolicyDocumentException',
      400,
    ],
    [
      'a principal that does not exist',
      {
        AssumeRolePolicyDocument: JSON.stringify(
          policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: roleArn('nobody') } }),
        ),
      },
      'MalformedPolicyDocumentException',
      400,
    ],
    [
      'a user that does not exist',
      {
        AssumeRolePolicyDocument: JSON.stringify(
          policy({
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: [`arn:aws:iam::${APPS}:root`, `arn:aws:iam::${APPS}:user/alice`] },
          }),
        ),
      },
      'MalformedPolicyDocumentException',
      400,
    ],
    [
      'a trust policy over 2,048 characters',
      { AssumeRolePolicyDocument: JSON.stringify(policy(podTrust({ 'aws:SourceAccount': 'x'.repeat(2000) }))) },
      'LimitExceededException',
      409,
    ],
    [
      'a boundary that does not exist',
      { PermissionsBoundary: `arn:aws:iam::${APPS}:policy/none` },
      'NoSuchEntityException',
      404,
    ],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInputException',
      400,
    ],
    ['51 tags', { Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }, 'ValidationError', 400],
  ])('are refused for %s', async (_reason, change, name, status) => {
    await create('taken').catch(() => undefined);
    const before = (await iam().send(new ListRolesCommand({}))).Roles?.length;
    expect(await errorOf(create('refused', change))).toMatchObject({ name, status });
    expect((await iam().send(new ListRolesCommand({}))).Roles?.length).toBe(before);
  });

  it('have at most 50 tags, and a tag that replaces another one does not count', async () => {
    await create('tagged', { Tags: Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' })) });
    const tag = (Key: string) => iam().send(new TagRoleCommand({ RoleName: 'tagged', Tags: [{ Key, Value: 'x' }] }));
    await tag('K7');
    expect(await errorOf(tag('new'))).toMatchObject({
      name: 'LimitExceededException',
      status: 409,
      message: 'The number of tags has reached the maximum limit.',
    });
  });

  it('name the tag that is refused', async () => {
    const Tags = [
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '*' },
    ];
    expect((await errorOf(create('refused', { Tags }))).message).toContain("at 'tags.2.member.value' failed");
  });

  it('do not count white space against the quota of the trust policy', async () => {
    const spaced = JSON.stringify(policy(podTrust()), null, 2).replace('{', `{${' '.repeat(3000)}`);
    await expect(create('spaced', { AssumeRolePolicyDocument: spaced })).resolves.toBeDefined();
  });

  it('are refused with a misspelt service, when they are created and when they are updated', async () => {
    const trusting = (Service: string) =>
      JSON.stringify(policy({ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Principal: { Service } }));
    const refusal = {
      name: 'MalformedPolicyDocumentException',
      status: 400,
      message: 'Invalid principal in policy: "SERVICE":"pod.eks.amazonaws.com"',
    };
    const misspelt = trusting('pod.eks.amazonaws.com');
    expect(await errorOf(create('misspelt', { AssumeRolePolicyDocument: misspelt }))).toMatchObject(refusal);
    await create('updated');
    const update = (PolicyDocument: string) =>
      iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'updated', PolicyDocument }));
    expect(await errorOf(update(misspelt))).toMatchObject(refusal);
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'updated' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    await expect(update(trusting('vpc-flow-logs.amazonaws.com'))).resolves.toBeDefined();
    await expect(update(trusting('tomorrow.amazonaws.com'))).resolves.toBeDefined();
  });

  it('hold 10,240 characters of inline policies together and no more', async () => {
    await create('full');
    const document = (length: number) => JSON.stringify(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(length)}`));
    const put = (name: string, length: number) =>
      iam().send(new PutRolePolicyCommand({ RoleName: 'full', PolicyName: name, PolicyDocument: document(length) }));
    await put('one', 6000);
    expect(await errorOf(put('two', 6000))).toMatchObject({ name: 'LimitExceededException' });
    await put('one', 9000);
  });
});
