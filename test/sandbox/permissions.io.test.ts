import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  TagResourceCommand,
} from '@aws-sdk/client-eks';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { PolicyDocument } from '../../src/iam/PolicyDocument';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  errorOf,
  MAIN_ARN,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const TRUST = JSON.stringify(policy(podTrust()));

const CALLERS: Record<string, { inline?: PolicyDocument; attached?: string[]; permissionsBoundary?: string }> = {
  admin: { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  reader: { attached: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'] },
  unknown: { attached: ['arn:aws:iam::aws:policy/PowerUserAccess'] },
  bounded: {
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    permissionsBoundary: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess',
  },
  denied: {
    inline: policy(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:GetRole', Resource: '*' },
    ),
  },
  path: { inline: allow('iam:CreateRole', `arn:aws:iam::${APPS}:role/podlift/*`) },
  tagger: {
    inline: policy({
      Effect: 'Allow',
      Action: 'iam:TagRole',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
    }),
  },
  eks: { inline: allow('eks:*') },
  passer: {
    inline: policy(
      { Effect: 'Allow', Action: 'eks:*', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: roleArn('app'),
        Condition: { StringEquals: { 'iam:PassedToService': 'pods.eks.amazonaws.com' } },
      },
    ),
  },
  cluster: { inline: allow('eks:*', MAIN_ARN) },
  attacher: {
    inline: policy({
      Effect: 'Allow',
      Action: 'iam:AttachRolePolicy',
      Resource: '*',
      Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } },
    }),
  },
};

describe('A session may do what its role may do', () => {
  const at = useSandbox(() => ({
    seed: seedWith([
      { account: APPS, name: 'app', trust: policy(podTrust()) },
      ...Object.entries(CALLERS).map(([name, { inline, ...rest }]) => ({
        account: APPS,
        name,
        trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
        ...rest,
        ...(inline === undefined ? {} : { inline: { own: inline } }),
      })),
    ]),
  }));
  const as = async (role: string) => {
    const { sts } = clients(at.sandbox);
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'me' }),
    );
    return clients(at.sandbox, {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    });
  };
  type Clients = Awaited<ReturnType<typeof as>>;
  const getRole = ({ iam }: Clients) => iam.send(new GetRoleCommand({ RoleName: 'app' }));
  const createRole =
    (name: string, Path: string) =>
    ({ iam }: Clients) =>
      iam.send(new CreateRoleCommand({ RoleName: name, Path, AssumeRolePolicyDocument: TRUST }));
  const tagRole =
    (Key: string) =>
    ({ iam }: Clients) =>
      iam.send(new TagRoleCommand({ RoleName: 'app', Tags: [{ Key, Value: 'x' }] }));
  const attach =
    (name: string) =>
    ({ iam }: Clients) =>
      iam.send(new AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
  const associate =
    (serviceAccount: string) =>
    ({ eks }: Clients) =>
      eks.send(
        new CreatePodIdentityAssociationCommand({
          clusterName: 'main',
          namespace: 'n',
          serviceAccount,
          roleArn: roleArn('app'),
        }),
      );

  const install =
    (addonName: string, more: object = {}) =>
    ({ eks }: Clients) =>
      eks.send(new CreateAddonCommand({ clusterName: 'main', addonName, ...more }));
  const give = (serviceAccount: string, role = 'app') => ({
    podIdentityAssociations: [{ serviceAccount, roleArn: roleArn(role) }],
  });
  const describeAddon = ({ eks }: Clients) =>
    eks.send(new DescribeAddonCommand({ clusterName: 'main', addonName: 'coredns' }));

  it.each<[string, string, (session: Clients) => Promise<unknown>]>([
    ['cluster', 'install an add-on', install('coredns')],
    ['passer', 'give an add-on the role it may pass', install('vpc-cni', give('aws-node'))],
    ['eks', 'read an add-on', describeAddon],
    ['admin', 'anything', createRole('by-admin', '/')],
    ['reader', 'read', getRole],
    ['bounded', 'what the boundary has too', getRole],
    ['path', 'make roles below its path', createRole('inside', '/podlift/')],
    ['tagger', 'set the tag it may set', tagRole('team')],
    ['attacher', 'attach the policy it may attach', attach('ReadOnlyAccess')],
    ['passer', 'associate the role it may pass', associate('passed')],
    ['eks', 'read clusters', ({ eks }) => eks.send(new DescribeClusterCommand({ name: 'main' }))],
  ])('%s may %s', async (role, _what, call) => {
    await expect(call(await as(role))).resolves.toBeDefined();
  });

  it.each<[string, string, (session: Clients) => Promise<unknown>, string, string]>([
    [
      'reader',
      'write',
      createRole('x', '/'),
      'iam:CreateRole',
      'because no identity-based policy allows the iam:CreateRole action',
    ],
    [
      'unknown',
      'what an AWS policy says that is not known here',
      getRole,
      'iam:GetRole',
      'because no identity-based policy allows',
    ],
    [
      'bounded',
      'what the boundary does not have',
      createRole('x', '/'),
      'iam:CreateRole',
      'because no permissions boundary allows',
    ],
    ['denied', 'what is denied', getRole, 'iam:GetRole', 'with an explicit deny in an identity-based policy'],
    ['path', 'make roles elsewhere', createRole('x', '/'), 'iam:CreateRole', 'because no identity-based policy allows'],
    ['path', 'list', ({ iam }) => iam.send(new ListRolesCommand({})), 'iam:ListRoles', 'on resource: *'],
    ['tagger', 'set another tag', tagRole('owner'), 'iam:TagRole', 'because no identity-based policy allows'],
    [
      'attacher',
      'attach another policy',
      attach('AdministratorAccess'),
      'iam:AttachRolePolicy',
      'because no identity-based policy allows',
    ],
    ['cluster', 'read an add-on, which is no cluster', describeAddon, 'eks:DescribeAddon', ':addon/main/coredns/'],
    [
      'cluster',
      'make the associations of an add-on',
      install('aws-ebs-csi-driver', give('ebs-csi-controller-sa')),
      'eks:CreateAddon',
      `:podidentityassociation/main/*`,
    ],
    [
      'passer',
      'give an add-on another role',
      install('aws-ebs-csi-driver', give('ebs-csi-controller-sa', 'reader')),
      'iam:PassRole',
      roleArn('reader'),
    ],
    [
      'passer',
      'give an add-on a role of IRSA, which goes to another service',
      install('aws-ebs-csi-driver', { serviceAccountRoleArn: roleArn('app') }),
      'iam:PassRole',
      roleArn('app'),
    ],
    ['eks', 'hand over a role', associate('refused'), 'iam:PassRole', roleArn('app')],
    [
      'reader',
      'tag a cluster',
      ({ eks }) => eks.send(new TagResourceCommand({ resourceArn: MAIN_ARN, tags: { a: 'b' } })),
      'eks:TagResource',
      MAIN_ARN,
    ],
  ])('%s may not %s', async (role, _what, call, action, words) => {
    const error = await errorOf(call(await as(role)));
    expect(error.name).toMatch(/^AccessDenied(Exception)?$/);
    expect(error.status).toBe(403);
    expect(error.message).toContain(
      `User: arn:aws:sts::${APPS}:assumed-role/${role}/me is not authorized to perform: ${action}`,
    );
    expect(error.message).toContain(words);
    const denial = at.sandbox.denials().at(-1);
    expect(denial).toMatchObject({ code: error.name, action, message: error.message });
    expect(denial?.explanation).toContain(action);
  });
});
