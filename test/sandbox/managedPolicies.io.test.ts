import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam';
import { allow, APPS, clients, errorOf, podTrust, policy, seedWith, useSandbox } from './testSandbox';

const ROLE = { account: APPS, trust: policy(podTrust()) };
const arnOf = (name: string) => `arn:aws:iam::${APPS}:policy/${name}`;
const document = (action: string) => JSON.stringify(allow(action));

describe('IAM managed policies', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      { ...ROLE, name: 'one' },
      { ...ROLE, name: 'full' },
    ]),
  }));
  const iam = () => clients(at.sandbox).iam;
  const create = (name: string) =>
    iam().send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document('s3:GetObject') }));

  it('have five versions, of which one is the default', async () => {
    await create('versions');
    const PolicyArn = arnOf('versions');
    const next = (action: string) =>
      iam().send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document(action), SetAsDefault: true }));
    for (const action of ['s3:a', 's3:b', 's3:c', 's3:d']) await next(action);
    expect(await errorOf(next('s3:e'))).toMatchObject({ name: 'LimitExceededException' });
    expect(await errorOf(iam().send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' })))).toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam().send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    await iam().send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    const { Versions } = await iam().send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
      ['v5', false],
      ['v4', false],
      ['v3', false],
      ['v2', true],
    ]);
    const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(document('s3:a'));
    await next('s3:f');
    expect((await iam().send(new GetPolicyCommand({ PolicyArn }))).Policy?.DefaultVersionId).toBe('v6');
  });

  it('count their attachments, and are not deleted while they have any', async () => {
    await create('used');
    const PolicyArn = arnOf('used');
    await iam().send(new AttachRolePolicyCommand({ RoleName: 'one', PolicyArn }));
    await iam().send(new AttachRolePolicyCommand({ RoleName: 'one', PolicyArn }));
    expect((await iam().send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(1);

    expect(await errorOf(iam().send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'DeleteConflictException',
    });
    expect(await errorOf(iam().send(new DeleteRoleCommand({ RoleName: 'one' })))).toMatchObject({
      name: 'DeleteConflictException',
    });
    await iam().send(new DetachRolePolicyCommand({ RoleName: 'one', PolicyArn }));
    await iam().send(new DeletePolicyCommand({ PolicyArn }));
    expect(await errorOf(iam().send(new GetPolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('are tagged and listed', async () => {
    await create('tagged');
    const PolicyArn = arnOf('tagged');
    await iam().send(
      new TagPolicyCommand({
        PolicyArn,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await iam().send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['a'] }));
    expect((await iam().send(new GetPolicyCommand({ PolicyArn }))).Policy?.Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const { Policies } = await iam().send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect(Policies?.map((entry) => entry.PolicyName)).toContain('tagged');
  });

  it('of AWS can be attached, and show the document of the default version', async () => {
    const first = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess';
    const later = 'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy';
    for (const PolicyArn of [first, later])
      await iam().send(new AttachRolePolicyCommand({ RoleName: 'one', PolicyArn }));
    const { AttachedPolicies } = await iam().send(new ListAttachedRolePoliciesCommand({ RoleName: 'one' }));
    expect(AttachedPolicies).toEqual([
      { PolicyName: 'AmazonSSMReadOnlyAccess', PolicyArn: first },
      { PolicyName: 'AmazonEBSCSIDriverPolicy', PolicyArn: later },
    ]);
    const read = (PolicyArn: string, VersionId: string) =>
      iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
    expect(decodeURIComponent((await read(first, 'v1')).PolicyVersion?.Document ?? '')).toContain('ssm:Describe*');
    const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: later }));
    const { PolicyVersion } = await read(later, Policy?.DefaultVersionId ?? '');
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('ec2:CreateSnapshot');
    expect(await errorOf(read(later, 'v1'))).toMatchObject({ name: 'NotImplemented', status: 501 });
    expect(await errorOf(read(later, 'v999'))).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    expect(await errorOf(iam().send(new DeletePolicyCommand({ PolicyArn: first })))).toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('that do not exist cannot be attached, nor can those of another account', async () => {
    for (const PolicyArn of [arnOf('missing'), 'arn:aws:iam::222222222222:policy/theirs']) {
      expect(await errorOf(iam().send(new AttachRolePolicyCommand({ RoleName: 'one', PolicyArn })))).toMatchObject({
        name: 'NoSuchEntityException',
        status: 404,
      });
    }
  });

  it('are ten on a role at most', async () => {
    const { Policies = [] } = await iam().send(new ListPoliciesCommand({ Scope: 'AWS', PathPrefix: '/job-function/' }));
    const attach = (PolicyArn = '') => iam().send(new AttachRolePolicyCommand({ RoleName: 'full', PolicyArn }));
    for (let n = 0; n < 10; n += 1) await attach(Policies[n]?.Arn);
    expect(await errorOf(attach(Policies[10]?.Arn))).toMatchObject({ name: 'LimitExceededException', status: 409 });
  });

  it('have names of their own, whatever the path or the case', async () => {
    await create('Mine');
    const again = new CreatePolicyCommand({ PolicyName: 'mine', Path: '/other/', PolicyDocument: document('s3:*') });
    expect(await errorOf(iam().send(again))).toMatchObject({ name: 'EntityAlreadyExistsException', status: 409 });
  });
});
