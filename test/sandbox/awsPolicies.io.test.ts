import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  paginateListPolicies,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type PolicyDescriptorType } from '@aws-sdk/client-sts';
import { POLICIES_DATE, managedPolicy, managedPolicyNames } from '../../src/inventory/aws/managedPolicies';
import { awsManagedPolicies, awsManagedPolicy } from '../../src/sandbox/api/awsManagedPolicies';
import { accountTrust, allow, APPS, clients, errorOf, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const AWS = 'arn:aws:iam::aws:policy';
const trust = policy(accountTrust(APPS, 'sts:AssumeRole'));
const everything = { read: allow('*') };

describe('AWS’s managed policies on the sandbox', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      { account: APPS, name: 'app', trust },
      { account: APPS, name: 'cased', trust },
      { account: APPS, name: 'quarantined', trust, inline: everything, attached: [`${AWS}/AWSDenyAll`] },
      { account: APPS, name: 'bounded', trust, inline: everything, permissionsBoundary: `${AWS}/AWSDenyAll` },
      { account: APPS, name: 'reader', trust, attached: [`${AWS}/SecurityAudit`] },
      { account: APPS, name: 'seeded', trust, attached: [`${AWS}/readonlyaccess`] },
      { account: APPS, name: 'open', trust, inline: everything },
    ]),
  }));
  const iam = () => clients(at.sandbox).iam;
  const attach = (RoleName: string, PolicyArn: string) =>
    iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const attached = async (RoleName: string) =>
    (await iam().send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies;

  async function sessionOf(role: string, PolicyArns?: PolicyDescriptorType[]) {
    const { Credentials } = await clients(at.sandbox).sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'test', ...(PolicyArns && { PolicyArns }) }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return clients(at.sandbox, {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    }).iam;
  }

  it.each([
    ['a misspelt name', `${AWS}/AmazonSSMReadOnlyAcess`],
    ['a withdrawn policy', `${AWS}/AWSLambdaFullAccess`],
    ['a name without its path', `${AWS}/AmazonEBSCSIDriverPolicy`],
    ['a name with a path that it does not have', `${AWS}/service-role/AmazonS3ReadOnlyAccess`],
    ['the ARN of another partition', 'arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess'],
  ])('%s is not attached, is no boundary, and is not found', async (_what, arn) => {
    expect(await errorOf(attach('app', arn))).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: `Policy ${arn} does not exist or is not attachable.`,
    });
    const noScope = {
      name: 'NoSuchEntityException',
      status: 404,
      message: `Scope ARN: ${arn} does not exist or is not attachable.`,
    };
    const boundary = new PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn });
    expect(await errorOf(iam().send(boundary))).toEqual(noScope);
    const created = new CreateRoleCommand({
      RoleName: 'new',
      AssumeRolePolicyDocument: JSON.stringify(trust),
      PermissionsBoundary: arn,
    });
    expect(await errorOf(iam().send(created))).toEqual(noScope);
    expect(await errorOf(iam().send(new GetRoleCommand({ RoleName: 'new' })))).toMatchObject({ status: 404 });
    expect(await errorOf(iam().send(new GetPolicyCommand({ PolicyArn: arn })))).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: `Policy ${arn} was not found.`,
    });
  });

  it('a policy of service-linked roles is there, and is not attached to another role', async () => {
    const arn = `${AWS}/aws-service-role/AmazonEKSServiceRolePolicy`;
    expect((await iam().send(new GetPolicyCommand({ PolicyArn: arn }))).Policy?.Path).toBe('/aws-service-role/');
    expect(await errorOf(attach('app', arn))).toEqual({
      name: 'PolicyNotAttachableException',
      status: 400,
      message: 'Cannot attach a Service Role Policy to a Customer Role.',
    });
    const boundary = new PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn });
    expect(await errorOf(iam().send(boundary))).toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('AWSDenyAll denies what the role’s other policies allow, attached or as the boundary', async () => {
    await (await sessionOf('open')).send(new ListRolesCommand({}));
    for (const [role, kind] of [
      ['quarantined', 'an identity-based policy'],
      ['bounded', 'a permissions boundary'],
    ] as const) {
      const session = await sessionOf(role);
      expect(await errorOf(session.send(new ListRolesCommand({})))).toMatchObject({
        status: 403,
        message: expect.stringContaining(`with an explicit deny in ${kind}`),
      });
    }
  });

  it('a policy beside the common ones allows what its document allows', async () => {
    await (await sessionOf('reader')).send(new ListRolesCommand({}));
  });

  it('an ARN in another case is the policy itself: one attachment, under the ARN as IAM writes it', async () => {
    const mine = new CreatePolicyCommand({ PolicyName: 'Reader', PolicyDocument: JSON.stringify(allow('s3:*')) });
    await iam().send(mine);
    for (const arn of [
      `${AWS}/amazons3readonlyaccess`,
      `${AWS}/AmazonS3ReadOnlyAccess`,
      `arn:aws:iam::${APPS}:policy/reader`,
      `arn:aws:iam::${APPS}:policy/Reader`,
    ])
      await attach('cased', arn);
    expect(await attached('cased')).toEqual([
      { PolicyName: 'Reader', PolicyArn: `arn:aws:iam::${APPS}:policy/Reader` },
      { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: `${AWS}/AmazonS3ReadOnlyAccess` },
    ]);
    const PolicyArn = `${AWS}/AMAZONS3READONLYACCESS`;
    expect((await iam().send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
      PolicyName: 'AmazonS3ReadOnlyAccess',
      AttachmentCount: 1,
    });
    await iam().send(new DetachRolePolicyCommand({ RoleName: 'cased', PolicyArn }));
    const PermissionsBoundary = `${AWS}/poweruseraccess`;
    await iam().send(new PutRolePermissionsBoundaryCommand({ RoleName: 'cased', PermissionsBoundary }));
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'cased' }));
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(`${AWS}/PowerUserAccess`);
    expect(await attached('cased')).toHaveLength(1);
    expect(await attached('seeded')).toEqual([{ PolicyName: 'ReadOnlyAccess', PolicyArn: `${AWS}/ReadOnlyAccess` }]);
  });

  it('a session takes a policy of AWS or of the role’s account, and none that does not exist', async () => {
    const limited = await sessionOf('open', [{ arn: `${AWS}/amazons3readonlyaccess` }]);
    expect(await errorOf(limited.send(new ListRolesCommand({})))).toMatchObject({ status: 403 });
    await (await sessionOf('open', [{ arn: `${AWS}/IAMReadOnlyAccess` }])).send(new ListRolesCommand({}));
    for (const arn of [`${AWS}/IAMReadOnlyAcess`, `arn:aws:iam::${APPS}:policy/none`])
      expect(await errorOf(sessionOf('open', [{ arn }]))).toMatchObject({
        name: 'MalformedPolicyDocumentException',
        status: 400,
      });
  });

  it('are listed, alone or with the account’s own', async () => {
    const names: (string | undefined)[] = [];
    for await (const { Policies = [] } of paginateListPolicies({ client: iam(), pageSize: 1000 }, { Scope: 'AWS' }))
      names.push(...Policies.map(({ PolicyName }) => PolicyName));
    expect(names).toHaveLength([...managedPolicyNames()].length);
    expect(new Set(names)).toEqual(new Set(managedPolicyNames()));
    const { Policies = [] } = await iam().send(new ListPoliciesCommand({ PathPrefix: '/job-function/' }));
    expect(Policies.map(({ PolicyName }) => PolicyName)).toContain('ViewOnlyAccess');
    expect(new Set(Policies.map(({ PolicyId }) => PolicyId)).size).toBe(Policies.length);
  });

  it('are listed by what they are used for', async () => {
    const list = async (PolicyUsageFilter: 'PermissionsPolicy' | 'PermissionsBoundary') =>
      (await iam().send(new ListPoliciesCommand({ Scope: 'AWS', PolicyUsageFilter }))).Policies?.map((one) => one.Arn);
    expect(await list('PermissionsBoundary')).toEqual([`${AWS}/AWSDenyAll`, `${AWS}/PowerUserAccess`]);
    expect(await list('PermissionsPolicy')).toEqual([
      `${AWS}/AWSDenyAll`,
      `${AWS}/ReadOnlyAccess`,
      `${AWS}/SecurityAudit`,
    ]);
    const wrong = 'Boundary' as 'PermissionsBoundary';
    expect(await errorOf(list(wrong))).toMatchObject({ name: 'ValidationError', status: 400 });
  });
});

describe('the documents of AWS’s managed policies', () => {
  it('are those of the list that validate has', () => {
    const documents = awsManagedPolicies('aws').map(({ path, name }) => path.slice(1) + name);
    expect(documents.sort()).toEqual([...managedPolicyNames()].map((name) => managedPolicy(name)).sort());
    expect(POLICIES_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('name the ARNs of the partition that asks', () => {
    const text = (arn: string) => JSON.stringify(awsManagedPolicy(arn)?.document);
    expect(text('arn:aws:iam::aws:policy/AWSDenyAll')).toContain('"Deny"');
    expect(text('arn:aws-cn:iam::aws:policy/AmazonEKSServicePolicy')).toContain('"arn:aws-cn:');
    expect(text('arn:aws-cn:iam::aws:policy/AmazonEKSServicePolicy')).not.toContain('"arn:aws:');
  });
});
