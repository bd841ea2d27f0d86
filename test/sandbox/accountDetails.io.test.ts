import {
  CreatePolicyVersionCommand,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsRequest,
  ListRolesCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  errorOf,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const POLICY = `arn:aws:iam::${APPS}:policy/team/reader`;
const TRUST = policy(podTrust());
const READ = allow('s3:GetObject', 'arn:aws:s3:::logs/ä b/*');
const NOW = new Date('2026-11-27T10:00:00.000Z');
const MANY = 1203;

const at = useSandbox(() => ({
  clock: () => NOW,
  seed: seedWith(
    [
      {
        account: APPS,
        name: 'whole',
        path: '/podlift/',
        description: 'what it is for',
        trust: TRUST,
        inline: { read: READ },
        attached: [POLICY, 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
        permissionsBoundary: POLICY,
        maxSessionDuration: 7200,
        tags: { team: 'shop' },
        lastUsed: '2026-11-01T00:00:00.000Z',
      },
      { account: APPS, name: 'bare', trust: policy(podTrust()) },
      {
        account: APPS,
        name: 'details-only',
        trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
        inline: { read: allow('iam:GetAccountAuthorizationDetails') },
      },
      {
        account: APPS,
        name: 'by-arn',
        trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
        inline: {
          read: allow(['iam:GetAccountAuthorizationDetails', 'iam:ListRoles'], `arn:aws:iam::${APPS}:role/*`),
        },
      },
      ...Array.from({ length: MANY }, (_, index) => ({ account: DATA, name: `role-${index}`, trust: TRUST })),
    ],
    { policies: [{ arn: POLICY, document: READ }], quotas: { [DATA]: { rolesPerAccount: 2000 } } },
  ),
}));

const clientsOf = (account: string) => clients(at.sandbox, account, NOW.getTime() - Date.now());
const iam = () => clientsOf(APPS).iam;
const details = (input: GetAccountAuthorizationDetailsRequest) =>
  iam().send(new GetAccountAuthorizationDetailsCommand(input));

/** The IAM client of a session of a role. */
async function sessionOf(role: string) {
  const { Credentials } = await clientsOf(APPS).sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'reader' }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  return clients(at.sandbox, credentials, NOW.getTime() - Date.now()).iam;
}

describe('GetAccountAuthorizationDetails', () => {
  it('gives of a role its policies, boundary, tags and last use, and neither description nor session duration', async () => {
    const answer = await details({ Filter: ['Role'] });
    expect(answer).toMatchObject({ IsTruncated: false, UserDetailList: [], GroupDetailList: [], Policies: [] });
    const role = answer.RoleDetailList?.find(({ RoleName }) => RoleName === 'whole');
    expect(role).toEqual({
      Path: '/podlift/',
      RoleName: 'whole',
      RoleId: expect.stringMatching(/^AROA/),
      Arn: `arn:aws:iam::${APPS}:role/podlift/whole`,
      CreateDate: NOW,
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST)),
      InstanceProfileList: [],
      RolePolicyList: [{ PolicyName: 'read', PolicyDocument: encodeURIComponent(JSON.stringify(READ)) }],
      AttachedManagedPolicies: [
        { PolicyName: 'reader', PolicyArn: POLICY },
        { PolicyName: 'AmazonSSMReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess' },
      ],
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: POLICY },
      Tags: [{ Key: 'team', Value: 'shop' }],
      RoleLastUsed: { LastUsedDate: new Date('2026-11-01T00:00:00.000Z'), Region: 'us-west-2' },
    });
    const bare = answer.RoleDetailList?.find(({ RoleName }) => RoleName === 'bare');
    expect(bare).toMatchObject({ RolePolicyList: [], AttachedManagedPolicies: [] });
    expect([bare?.Tags, bare?.PermissionsBoundary, bare?.RoleLastUsed]).toEqual([undefined, undefined, {}]);
  });

  it('gives of a policy all versions with their documents, and no tags', async () => {
    const text = JSON.stringify(allow('s3:PutObject'));
    await iam().send(new CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: text, SetAsDefault: true }));
    const answer = await details({ Filter: ['LocalManagedPolicy'] });
    expect(answer.RoleDetailList).toEqual([]);
    expect(answer.Policies).toEqual([
      {
        PolicyName: 'reader',
        PolicyId: expect.stringMatching(/^ANPA/),
        Arn: POLICY,
        Path: '/team/',
        DefaultVersionId: 'v2',
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 1,
        IsAttachable: true,
        CreateDate: NOW,
        UpdateDate: NOW,
        PolicyVersionList: [
          {
            VersionId: 'v1',
            IsDefaultVersion: false,
            CreateDate: NOW,
            Document: encodeURIComponent(JSON.stringify(READ)),
          },
          { VersionId: 'v2', IsDefaultVersion: true, CreateDate: NOW, Document: encodeURIComponent(text) },
        ],
      },
    ]);
  });

  it('shares its pages between the entities that are asked for', async () => {
    const seen: number[][] = [];
    const pages = paginateGetAccountAuthorizationDetails(
      { client: iam(), pageSize: 2 },
      { Filter: ['Role', 'LocalManagedPolicy', 'User', 'Group'] },
    );
    for await (const { RoleDetailList = [], Policies = [] } of pages)
      seen.push([RoleDetailList.length, Policies.length]);
    expect(seen).toEqual([
      [1, 1],
      [2, 0],
      [1, 0],
    ]);
  });

  it('has 100 entities a page unless told, and at most 1,000', async () => {
    const { iam: data } = clientsOf(DATA);
    const first = await data.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }));
    expect([first.RoleDetailList?.length, first.IsTruncated]).toEqual([100, true]);
    const sizes: number[] = [];
    const pages = paginateGetAccountAuthorizationDetails({ client: data, pageSize: 1000 }, { Filter: ['Role'] });
    for await (const { RoleDetailList = [] } of pages) sizes.push(RoleDetailList.length);
    expect(sizes).toEqual([1000, 203]);
    const refused = await errorOf(details({ Filter: ['Role'], MaxItems: 1001 }));
    expect(refused).toMatchObject({ name: 'ValidationError', status: 400 });
    expect(await errorOf(details({ Filter: ['Role'], Marker: 'mine' }))).toMatchObject({ status: 400 });
  });

  it('gives everything without a filter, and of AWS’s own policies those that roles have', async () => {
    const { RoleDetailList = [], Policies = [] } = await details({});
    expect(RoleDetailList).toHaveLength(4);
    expect(Policies.map(({ Arn }) => Arn)).toEqual([POLICY, 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess']);
    const { RoleDetailList: none, Policies: ofAws = [] } = await details({ Filter: ['AWSManagedPolicy'] });
    expect(none).toEqual([]);
    expect(ofAws).toMatchObject([
      { PolicyName: 'AmazonSSMReadOnlyAccess', AttachmentCount: 1, DefaultVersionId: 'v1' },
    ]);
    expect(decodeURIComponent(ofAws[0]?.PolicyVersionList?.[0]?.Document ?? '')).toContain('ssm:Describe*');
  });

  it('refuses entities that IAM does not know', async () => {
    expect(await errorOf(details({ Filter: ['Roles' as 'Role'] }))).toMatchObject({
      name: 'ValidationError',
      status: 400,
    });
  });

  it('needs its permission on every resource, and no other', async () => {
    const reader = await sessionOf('details-only');
    await reader.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }));
    const byArn = await sessionOf('by-arn');
    expect(await errorOf(byArn.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] })))).toMatchObject({
      status: 403,
      message: expect.stringContaining('not authorized to perform: iam:GetAccountAuthorizationDetails on resource: *'),
    });
  });
});

describe('ListRoles', () => {
  it('gives description and session duration, and neither boundary, tags nor last use', async () => {
    const { Roles } = await iam().send(new ListRolesCommand({ PathPrefix: '/podlift/' }));
    expect(Roles).toEqual([
      {
        Path: '/podlift/',
        RoleName: 'whole',
        RoleId: expect.stringMatching(/^AROA/),
        Arn: `arn:aws:iam::${APPS}:role/podlift/whole`,
        CreateDate: NOW,
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST)),
        Description: 'what it is for',
        MaxSessionDuration: 7200,
      },
    ]);
  });

  it('has at most 1,000 roles a page', async () => {
    const sizes: number[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client: clientsOf(DATA).iam, pageSize: 1000 }, {}))
      sizes.push(Roles.length);
    expect(sizes).toEqual([1000, 203]);
  });

  it('needs its permission on every resource', async () => {
    const byArn = await sessionOf('by-arn');
    expect(await errorOf(byArn.send(new ListRolesCommand({})))).toMatchObject({
      status: 403,
      message: expect.stringContaining('not authorized to perform: iam:ListRoles on resource: *'),
    });
  });
});
