import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
  DeleteRolePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import {
  accountTrust,
  allow,
  clients,
  APPS,
  DATA,
  errorOf,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const TRUST = JSON.stringify(policy(podTrust()), null, 2);
const BOUNDARY = `arn:aws:iam::${APPS}:policy/boundary`;

describe('IAM roles', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], { accounts: [DATA], policies: [{ arn: BOUNDARY, document: allow('*') }] }),
  }));
  const iam = () => clients(at.sandbox).iam;
  const create = (name: string, rest: object = {}) =>
    iam().send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST, ...rest }));

  it('come back as they were made, the trust policy to the letter', async () => {
    await create('whole', {
      Path: '/podlift/',
      Description: `an app's <role> & more`,
      MaxSessionDuration: 7200,
      PermissionsBoundary: BOUNDARY,
      Tags: [{ Key: 'team', Value: 'orders / co' }],
    });
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'whole' }));
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${APPS}:role/podlift/whole`,
      Path: '/podlift/',
      Description: `an app's <role> & more`,
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryArn: BOUNDARY, PermissionsBoundaryType: 'Policy' },
      Tags: [{ Key: 'team', Value: 'orders / co' }],
    });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
  });

  it('are changed in place: trust, description, duration, boundary, tags', async () => {
    const made = await create('changing', { Tags: [{ Key: 'a', Value: '1' }] });
    const trust = JSON.stringify(policy(accountTrust(DATA, 'sts:AssumeRole')));
    await iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'changing', PolicyDocument: trust }));
    await iam().send(new UpdateRoleCommand({ RoleName: 'changing', Description: 'x', MaxSessionDuration: 3600 }));
    await iam().send(new UpdateRoleDescriptionCommand({ RoleName: 'changing', Description: 'new' }));
    await iam().send(new PutRolePermissionsBoundaryCommand({ RoleName: 'changing', PermissionsBoundary: BOUNDARY }));
    await iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'changing' }));
    await iam().send(
      new TagRoleCommand({
        RoleName: 'changing',
        Tags: [
          { Key: 'A', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await iam().send(new UntagRoleCommand({ RoleName: 'changing', TagKeys: ['b'] }));
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'changing' }));
    expect(Role).toMatchObject({
      Description: 'new',
      MaxSessionDuration: 3600,
      RoleId: made.Role?.RoleId,
      Tags: [{ Key: 'A', Value: '2' }],
    });
    expect(Role?.PermissionsBoundary).toBeUndefined();
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
    expect((await iam().send(new ListRoleTagsCommand({ RoleName: 'changing' }))).Tags).toEqual([
      { Key: 'A', Value: '2' },
    ]);
  });

  it('hold inline policies, which stand in the way of their deletion', async () => {
    await create('holder');
    const PolicyDocument = JSON.stringify(allow('s3:GetObject'));
    await iam().send(new PutRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p', PolicyDocument }));
    expect((await iam().send(new ListRolePoliciesCommand({ RoleName: 'holder' }))).PolicyNames).toEqual(['p']);
    const read = await iam().send(new GetRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p' }));
    expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(PolicyDocument);
    const refused = await errorOf(iam().send(new DeleteRoleCommand({ RoleName: 'holder' })));
    expect(refused).toMatchObject({ name: 'DeleteConflictException', status: 409 });
    await iam().send(new DeleteRolePolicyCommand({ RoleName: 'holder', PolicyName: 'p' }));
    await iam().send(new DeleteRoleCommand({ RoleName: 'holder' }));
    expect(await errorOf(iam().send(new GetRoleCommand({ RoleName: 'holder' })))).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The role with name holder cannot be found.',
    });
  });

  it('are listed by path, page by page', async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) await create(name, { Path: '/pages/' });
    const first = await iam().send(new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 2 }));
    expect(first.Roles?.map((role) => role.RoleName)).toEqual(['page-a', 'page-b']);
    expect(first.IsTruncated).toBe(true);
    const second = await iam().send(new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 2, Marker: first.Marker }));
    expect(second.Roles?.map((role) => role.RoleName)).toEqual(['page-c']);
    expect(second.IsTruncated).toBe(false);
  });

  it('have no instance profiles', async () => {
    await create('profileless');
    const { InstanceProfiles } = await iam().send(new ListInstanceProfilesForRoleCommand({ RoleName: 'profileless' }));
    expect(InstanceProfiles).toEqual([]);
  });

  it('may have names that JavaScript knows otherwise', async () => {
    expect(await errorOf(iam().send(new GetRoleCommand({ RoleName: 'constructor' })))).toMatchObject({
      name: 'NoSuchEntityException',
    });
    await create('__proto__');
    await iam().send(
      new PutRolePolicyCommand({
        RoleName: '__proto__',
        PolicyName: '__proto__',
        PolicyDocument: JSON.stringify(allow('s3:*')),
      }),
    );
    expect((await iam().send(new ListRolePoliciesCommand({ RoleName: '__proto__' }))).PolicyNames).toEqual([
      '__proto__',
    ]);
  });

  it('tie a role principal to the role of the time, not to its name', async () => {
    await create('friend');
    await create('host', {
      AssumeRolePolicyDocument: JSON.stringify(
        policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: roleArn('friend') } }),
      ),
    });
    const old = (await iam().send(new GetRoleCommand({ RoleName: 'friend' }))).Role?.RoleId ?? '';
    await iam().send(new DeleteRoleCommand({ RoleName: 'friend' }));
    await create('friend');
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'host' }));
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement[0].Principal).toEqual({
      AWS: [old],
    });
  });

  it('leave what the sandbox does not have to a 501 that names it, at the first attempt', async () => {
    const user = new CreateUserCommand({ UserName: 'x' });
    expect(await errorOf(iam().send(user))).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'the sandbox does not implement iam:CreateUser',
    });
  });
});
