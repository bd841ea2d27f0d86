import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { Stage } from '../../../src/inventory/Inventory';
import type { LeftReason } from '../../../src/operations/discover/LeftOut';
import type {
  SandboxSeed,
  SeedAddon,
  SeedAssociation,
  SeedManifest,
  SeedRole,
  SeedServiceAccount,
} from '../../../src/sandbox/Seed';

// Service accounts and roles as tools and people leave them, each with what discover makes of it.

export const ACCOUNT = '333333333333';
export const OTHER_ACCOUNT = '444444444444';
const ISSUER_NAME = `oidc.eks.us-west-2.amazonaws.com/id/${'A'.repeat(32)}`;
export const ISSUER = `https://${ISSUER_NAME}`;
export const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER_NAME}`;
/** A role of another account trusts the provider that is there. */
export const OTHER_PROVIDER = `arn:aws:iam::${OTHER_ACCOUNT}:oidc-provider/${ISSUER_NAME}`;
export const CLUSTER = { account: ACCOUNT, region: 'us-west-2', name: 'prod-main' };

export const arnOf = (name: string, path = '/', account = ACCOUNT) => `arn:aws:iam::${account}:role${path}${name}`;
export const trustOf = (...statements: Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

type Condition = Record<string, Record<string, string | string[]>>;

/** `eksctl create iamserviceaccount`: the action in a list, `aud` before `sub`. Source: eksctl-io/eksctl pkg/iam/oidc/api.go */
export const eksctlOidc = (namespace: string, name: string, provider = PROVIDER): Statement => ({
  Effect: 'Allow',
  Action: ['sts:AssumeRoleWithWebIdentity'],
  Principal: { Federated: provider },
  Condition: {
    StringEquals: {
      [`${ISSUER_NAME}:aud`]: 'sts.amazonaws.com',
      [`${ISSUER_NAME}:sub`]: `system:serviceaccount:${namespace}:${name}`,
    },
  },
});

/** A trust for subjects as they are given, under operators as they are given. */
export const oidcOf = (Condition: Condition, more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: PROVIDER },
  Condition,
  ...more,
});
export const sub = (...subjects: string[]) => ({
  [`${ISSUER_NAME}:sub`]: subjects.map((subject) => `system:serviceaccount:${subject}`),
});
export const AUD = { [`${ISSUER_NAME}:aud`]: 'sts.amazonaws.com' };

/** eksctl utils migrate-to-pod-identity, terraform-aws-eks-pod-identity, the console: no condition. */
export const openPodIdentity: Statement = {
  Effect: 'Allow',
  Action: ['sts:TagSession', 'sts:AssumeRole'],
  Principal: { Service: 'pods.eks.amazonaws.com' },
};
/** What podlift writes itself. */
export const ownPodIdentity = (namespace: string, name: string): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: {
    StringEquals: {
      'aws:SourceAccount': ACCOUNT,
      'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-main`,
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': name,
    },
  },
});
const GITHUB_PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
export const GITHUB: Statement = {
  Sid: 'GitHub',
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: GITHUB_PROVIDER },
  Condition: {
    StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*:ref:refs/heads/main' },
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
  },
};
const S3: PolicyDocument = trustOf({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::acme/*'] });

const NODE_TRUST = trustOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } });

export interface Shape {
  /** `namespace/name` of the service account. */
  readonly of: string;
  readonly role: Omit<SeedRole, 'account'> & { readonly account?: string };
  readonly annotated: boolean;
  readonly association?: Partial<SeedAssociation>;
  /** The stage it is found at, or the reason why it is left out. */
  readonly found: Stage | LeftReason;
  /** Its pods' node. */
  readonly node?: string;
  readonly image?: string;
}

/** What discover can take over. */
export const MOVABLE: readonly Shape[] = [
  {
    of: 'shop/eksctl',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'eksctl-prod-main-addon-iamserviceacco-Role1-1RN1BJRQS2ZZ8',
      trust: trustOf(eksctlOidc('shop', 'eksctl')),
      inline: { 'eksctl-prod-main-addon-iamserviceaccount-shop-eksctl-Policy1': S3 },
      tags: {
        'alpha.eksctl.io/cluster-name': 'prod-main',
        'alpha.eksctl.io/iamserviceaccount-name': 'shop/eksctl',
        'aws:cloudformation:stack-name': 'eksctl-prod-main-addon-iamserviceaccount-shop-eksctl',
      },
    },
  },
  {
    of: 'shop/eksctl-migrated',
    annotated: true,
    association: {},
    found: 'dual',
    role: {
      name: 'eksctl-migrated',
      trust: trustOf(eksctlOidc('shop', 'eksctl-migrated'), openPodIdentity),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
  {
    of: 'shop/eksctl-migrated-twice',
    annotated: false,
    association: {},
    found: 'cutover',
    role: {
      name: 'eksctl-migrated-twice',
      trust: trustOf(eksctlOidc('shop', 'eksctl-migrated-twice'), openPodIdentity, openPodIdentity),
    },
  },
  {
    of: 'tf/module-irsa',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'module-irsa-20240101000000000000000001',
      path: '/team/',
      description: 'IRSA of "module", by Terraform: don’t touch'.replace('’', "'"),
      maxSessionDuration: 7200,
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
      trust: trustOf(oidcOf({ StringEquals: { ...sub('tf:module-irsa'), ...AUD } })),
      attached: [
        `arn:aws:iam::${ACCOUNT}:policy/AmazonEKS_EBS_CSI_Policy-20240101`,
        'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy',
      ],
      tags: { Terraform: 'true', Team: 'platform' },
    },
  },
  {
    of: 'tf/module-github',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'module-github',
      trust: trustOf(oidcOf({ StringEquals: { ...sub('tf:module-github'), ...AUD } }), GITHUB, {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    },
  },
  {
    of: 'tf/iam-eks-role',
    annotated: true,
    found: 'irsa',
    role: { name: 'iam-eks-role', trust: trustOf(oidcOf({ StringEquals: sub('tf:iam-eks-role', 'tf:gone') })) },
  },
  {
    of: 'tf/string-like',
    annotated: true,
    found: 'prepared',
    role: {
      name: 'string-like',
      trust: trustOf(oidcOf({ StringLike: { ...sub('tf:string-like'), ...AUD } }), ownPodIdentity('tf', 'string-like')),
    },
  },
  {
    of: 'tf/pod-identity-module',
    annotated: false,
    association: { tags: { Terraform: 'true' } },
    found: 'pod-identity',
    role: { name: 'pod-identity-module-2024', trust: trustOf(openPodIdentity), inline: { 'pod-identity-module-': S3 } },
  },
  {
    of: 'cdk/stackmyserviceaccount58b9529e',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'Stack-MyServiceAccountRoleB41709FF-1ABCDEF',
      trust: trustOf(eksctlOidc('cdk', 'stackmyserviceaccount58b9529e')),
      inline: { MyServiceAccountRoleDefaultPolicyA1B2C3D4: S3 },
    },
  },
  {
    of: 'cdk/pod-identity',
    annotated: true,
    association: {},
    found: 'pod-identity',
    role: {
      name: 'Stack-PodIdentity-1XYZ',
      trust: trustOf(
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'pods.eks.amazonaws.com' } },
        openPodIdentity,
      ),
    },
  },
  {
    of: 'people/console',
    annotated: false,
    association: {},
    found: 'pod-identity',
    role: {
      name: 'AmazonEKSPodIdentityConsole',
      trust: trustOf({ Sid: 'AllowEksAuthToAssumeRoleForPodIdentity', ...openPodIdentity }),
    },
  },
  {
    of: 'people/untagged',
    annotated: false,
    association: { disableSessionTags: true },
    found: 'pod-identity',
    role: {
      name: 'untagged',
      trust: trustOf({ ...openPodIdentity, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
    },
  },
  {
    of: 'people/conditioned',
    annotated: false,
    association: {},
    found: 'pod-identity',
    role: {
      name: 'conditioned',
      trust: trustOf({
        ...openPodIdentity,
        Condition: {
          StringEquals: {
            'aws:RequestTag/kubernetes-namespace': ['people'],
            'aws:RequestTag/kubernetes-service-account': ['conditioned'],
          },
        },
      }),
    },
  },
  {
    of: 'media/thumbnails',
    annotated: true,
    node: 'fargate-1',
    found: 'irsa',
    role: { name: 'thumbnails', trust: trustOf(eksctlOidc('media', 'thumbnails')) },
  },
  {
    of: 'shop/cli',
    annotated: true,
    image: 'public.ecr.aws/aws-cli/aws-cli:2.15.30',
    found: 'irsa',
    role: {
      name: 'cli',
      trust: trustOf(eksctlOidc('shop', 'cli')),
    },
  },
  {
    of: 'people/colleague',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'colleague',
      trust: trustOf(eksctlOidc('people', 'colleague'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: arnOf('admins') },
      }),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
  {
    of: 'people/account-root',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'account-root',
      trust: trustOf(eksctlOidc('people', 'account-root'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      }),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
];

/** Roles whose trust policy is carried, whatever its form. */
export const CARRIED: readonly Shape[] = [
  {
    of: 'carried/old-version',
    annotated: true,
    found: 'irsa',
    role: { name: 'old-version', trust: { Version: '2008-10-17', Statement: [eksctlOidc('carried', 'old-version')] } },
  },
  {
    of: 'carried/no-version',
    annotated: true,
    found: 'irsa',
    role: { name: 'no-version', trust: { Statement: eksctlOidc('carried', 'no-version') } },
  },
  {
    of: 'carried/with-id',
    annotated: true,
    found: 'irsa',
    role: { name: 'with-id', trust: { ...trustOf(eksctlOidc('carried', 'with-id')), Id: 'written-by-hand' } },
  },
  {
    of: 'carried/half',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'half',
      trust: trustOf(eksctlOidc('carried', 'half'), { ...openPodIdentity, Action: 'sts:AssumeRole' }),
    },
  },
  {
    of: 'carried/vpc',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'vpc',
      trust: trustOf(
        oidcOf({ StringEquals: { ...sub('carried:vpc'), ...AUD, 'aws:SourceVpc': 'vpc-0123456789abcdef0' } }),
      ),
    },
  },
  {
    of: 'carried/any-value',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'any-value',
      trust: trustOf(oidcOf({ 'ForAnyValue:StringEquals': { ...sub('carried:any-value'), ...AUD } })),
    },
  },
  {
    of: 'carried/lower-case',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'lower-case',
      trust: trustOf(
        oidcOf({
          StringLike: Object.fromEntries(
            Object.entries({ ...sub('carried:lower-case'), ...AUD }).map(([key, value]) => [key.toLowerCase(), value]),
          ),
        }),
      ),
    },
  },
  {
    of: 'carried/no-audience',
    annotated: true,
    found: 'irsa',
    role: { name: 'no-audience', trust: trustOf(oidcOf({ StringEquals: sub('carried:no-audience') })) },
  },
  {
    of: 'carried/deny',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'deny',
      trust: trustOf(eksctlOidc('carried', 'deny'), {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: {
          StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    },
  },
];

/** Roles that one entry adopts for several service accounts, and those for accounts by pattern. */
export const TOGETHER: readonly Shape[] = [
  {
    of: 'together/shared-a',
    annotated: true,
    found: 'irsa',
    role: {
      name: 'shared',
      trust: trustOf(oidcOf({ StringEquals: { ...sub('together:shared-a', 'together:shared-b'), ...AUD } })),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
  { of: 'together/shared-b', annotated: true, found: 'irsa', role: { name: 'shared', trust: trustOf() } },
  {
    of: 'together/wildcard',
    annotated: true,
    found: 'irsa',
    role: { name: 'wildcard', trust: trustOf(oidcOf({ StringLike: sub('together:*'), StringEquals: AUD })) },
  },
  {
    of: 'together/anyone',
    annotated: true,
    found: 'irsa',
    role: { name: 'anyone', trust: trustOf(oidcOf({ StringEquals: AUD })) },
  },
];

/** What is left out, with the reason. */
export const LEFT: readonly Shape[] = [
  {
    of: 'kube-system/ebs-csi-controller-sa',
    annotated: true,
    found: 'addon',
    role: {
      name: 'AmazonEKS_EBS_CSI_DriverRole',
      trust: trustOf(eksctlOidc('kube-system', 'ebs-csi-controller-sa')),
      attached: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
    },
  },
  {
    of: 'left/far',
    annotated: true,
    found: 'other-account',
    role: {
      name: 'far',
      account: OTHER_ACCOUNT,
      trust: trustOf(eksctlOidc('left', 'far', OTHER_PROVIDER)),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
  {
    of: 'left/self',
    annotated: true,
    found: 'self-assuming',
    role: {
      name: 'self',
      trust: trustOf(
        {
          Sid: 'ExplicitSelfRoleAssumption',
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: '*' },
          Condition: { ArnLike: { 'aws:PrincipalArn': arnOf('self') } },
        },
        eksctlOidc('left', 'self'),
      ),
      inline: { assume: trustOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arnOf('self') }) },
    },
  },
  {
    of: 'left/stranger',
    annotated: true,
    found: 'not-let-in',
    role: { name: 'stranger', trust: trustOf(eksctlOidc('left', 'somebody-else')) },
  },
  {
    of: 'left/half-associated',
    annotated: true,
    association: {},
    found: 'not-let-in',
    role: { name: 'half-associated', trust: trustOf(eksctlOidc('left', 'half-associated')) },
  },
  {
    of: 'left/mixed',
    annotated: true,
    found: 'trust-mixed',
    role: {
      name: 'mixed',
      trust: trustOf(
        oidcOf(
          { StringEquals: { ...sub('left:mixed'), ...AUD } },
          { Principal: { Federated: [PROVIDER, GITHUB_PROVIDER] } },
        ),
      ),
    },
  },
  {
    of: 'left/anybody',
    annotated: true,
    found: 'proof',
    role: {
      name: 'anybody',
      trust: trustOf(eksctlOidc('left', 'anybody'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'sts:ExternalId': 'hunter2' } },
      }),
      attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    },
  },
  {
    of: 'left/dangling',
    annotated: true,
    found: 'trust-form',
    role: {
      name: 'dangling',
      trust: trustOf(eksctlOidc('left', 'dangling'), {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: arnOf('deleted') },
      }),
    },
  },
  {
    of: 'left/on-fargate',
    annotated: true,
    association: {},
    node: 'fargate-1',
    found: 'compute',
    role: { name: 'on-fargate', trust: trustOf(eksctlOidc('left', 'on-fargate'), openPodIdentity) },
  },
  {
    of: 'left/chained',
    annotated: false,
    association: { targetRoleArn: arnOf('somewhere', '/', OTHER_ACCOUNT) },
    found: 'association-target',
    role: { name: 'chained', trust: trustOf(openPodIdentity) },
  },
  {
    of: 'left/made',
    annotated: true,
    found: 'made-by-podlift',
    role: {
      name: 'prod-made',
      trust: trustOf(eksctlOidc('left', 'made')),
      tags: { 'podlift:workload': 'made', 'podlift:environment': 'prod' },
    },
  },
];

const ADDONS: readonly SeedAddon[] = [
  { name: 'eks-pod-identity-agent', version: 'v1.3.4-eksbuild.1' },
  { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: arnOf('AmazonEKS_EBS_CSI_DriverRole') },
];

const split = (of: string) => of.split('/') as [string, string];

/** A sandbox in which all of these are. */
export function seedOf(shapes: readonly Shape[], addons = ADDONS): SandboxSeed {
  const roles = new Map<string, SeedRole>([
    [`${ACCOUNT}admins`, { account: ACCOUNT, name: 'admins', trust: NODE_TRUST }],
  ]);
  for (const { role } of shapes) {
    const account = role.account ?? ACCOUNT;
    if (!roles.has(account + role.name)) roles.set(account + role.name, { ...role, account });
  }
  const boundaries = [...roles.values()].flatMap(({ permissionsBoundary, attached = [] }) => [
    ...(permissionsBoundary === undefined ? [] : [permissionsBoundary]),
    ...attached.filter((arn) => !arn.startsWith('arn:aws:iam::aws:')),
  ]);
  const used = new Set(addons.map(({ name }) => name));
  return {
    ambientAccount: ACCOUNT,
    roles: [...roles.values()],
    policies: [...new Set(boundaries)].map((arn) => ({ arn, document: S3 })),
    oidcProviders: [{ account: ACCOUNT, issuer: ISSUER }],
    clusters: [
      {
        ...CLUSTER,
        version: '1.33',
        issuer: ISSUER,
        nodes: [
          { name: 'ip-10-0-0-1', compute: 'ec2' },
          { name: 'fargate-1', compute: 'fargate' },
        ],
        addons,
        serviceAccounts: shapes
          .filter(({ of }) => !used.has('aws-ebs-csi-driver') || of !== 'kube-system/ebs-csi-controller-sa')
          .map(serviceAccountOf),
        associations: shapes.flatMap(({ of, role, association }): SeedAssociation[] => {
          const [namespace, serviceAccount] = split(of);
          const roleArn = arnOf(role.name, role.path, role.account);
          return association === undefined ? [] : [{ namespace, serviceAccount, roleArn, ...association }];
        }),
        manifests: shapes.map(podOf),
      },
    ],
  };
}

function serviceAccountOf({ of, role, annotated }: Shape): SeedServiceAccount {
  const [namespace, name] = split(of);
  const arn = arnOf(role.name, role.path, role.account);
  return { namespace, name, ...(annotated && { annotations: { 'eks.amazonaws.com/role-arn': arn } }) };
}

function podOf({ of, node = 'ip-10-0-0-1', image = 'app' }: Shape): SeedManifest {
  const [namespace, name] = split(of);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-0`, namespace },
    spec: { serviceAccountName: name, nodeName: node, containers: [{ name: 'app', image }] },
  };
}
