import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { SandboxSeed, SeedManifest, SeedRole, SeedServiceAccount } from '../../src/sandbox/Seed';

// A cluster as tools and people leave it. Sources of the shapes: eksctl-io/eksctl pkg/iam/oidc/api.go and pkg/actions/podidentityassociation;
// terraform-aws-modules/terraform-aws-iam modules/iam-role-for-service-accounts-eks (v5) and iam-role-for-service-accounts (v6);
// terraform-aws-modules/terraform-aws-eks-pod-identity; aws/aws-cdk aws-eks/lib/service-account.ts; the EKS user guide.

export const APPS = '333333333333';
export const DATA = '444444444444';
export const REGION = 'us-west-2';
export const CLUSTER = { account: APPS, region: REGION, name: 'prod-main' };
export const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';
const OTHER_ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/CCCC3333CCCC3333CCCC3333CCCC3333';
const BOUNDARY = `arn:aws:iam::${APPS}:policy/boundary`;
const ANNOTATION = 'eks.amazonaws.com/role-arn';
const arn = (name: string, account = APPS, path = '/') => `arn:aws:iam::${account}:role${path}${name}`;
const provider = (issuer: string) => `arn:aws:iam::${APPS}:oidc-provider/${issuer}`;

function document(...statements: Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}
function irsa(
  sub: string | string[],
  test = 'StringEquals',
  action: string | string[] = 'sts:AssumeRoleWithWebIdentity',
): Statement {
  return {
    Effect: 'Allow',
    Action: action,
    Principal: { Federated: provider(ISSUER) },
    Condition: { [test]: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: sub } },
  };
}
const sub = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
const POD_IDENTITY: Statement = {
  Effect: 'Allow',
  Action: ['sts:TagSession', 'sts:AssumeRole'],
  Principal: { Service: 'pods.eks.amazonaws.com' },
};
const S3_READ = document({
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:List*'],
  Resource: 'arn:aws:s3:::acme/${aws:PrincipalTag/team}/*',
});
const QUEUE = {
  Version: '2008-10-17',
  Id: 'old',
  Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
} as const;

/** Workloads that can move, by the key that discover gives them, with the stage at which they are found. */
export const MOVABLE = {
  catalog: 'irsa',
  carts: 'dual',
  loader: 'irsa',
  importer: 'irsa',
  search: 'pod-identity',
  'cdk-api': 'irsa',
  'cdk-worker': 'pod-identity',
  billing: 'irsa',
  invoices: 'pod-identity',
  'shared-a': 'irsa',
  everyone: 'irsa',
} as const;

/** Service accounts that are left out. */
export const LEFT = ['elsewhere', 'selfish', 'ebs-csi-controller-sa'] as const;

const ROLES: readonly SeedRole[] = [
  {
    // eksctl create iamserviceaccount
    account: APPS,
    name: 'eksctl-prod-main-addon-iamserviceaccount-sho-Role1-1RN1BJRQS2ZZ8',
    trust: document(irsa(sub('shop', 'catalog'), 'StringEquals', ['sts:AssumeRoleWithWebIdentity'])),
    attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
    tags: {
      'alpha.eksctl.io/cluster-name': 'prod-main',
      'alpha.eksctl.io/iamserviceaccount-name': 'shop/catalog',
      'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'prod-main',
    },
  },
  {
    // eksctl utils migrate-to-pod-identity, without --remove-oidc-provider-trust-relationship
    account: APPS,
    name: 'eksctl-prod-main-addon-iamserviceaccount-sho-Role1-2XX',
    trust: document(irsa(sub('shop', 'carts'), 'StringEquals', ['sts:AssumeRoleWithWebIdentity']), {
      Effect: 'Allow',
      Principal: { Service: ['pods.eks.amazonaws.com'] },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    }),
    inline: { 'eksctl-prod-main-addon-iamserviceaccount-shop-carts-Policy1': S3_READ },
  },
  {
    // terraform-aws-modules/iam v6
    account: APPS,
    name: 'loader-20260301120000000000000001',
    trust: document(irsa([sub('data', 'loader')])),
    attached: [`arn:aws:iam::${APPS}:policy/loader`],
    tags: { Terraform: 'true' },
  },
  {
    // terraform-aws-modules/iam v5, assume_role_condition_test = StringLike
    account: APPS,
    name: 'importer',
    trust: document(irsa([sub('data', 'importer')], 'StringLike')),
    attached: [`arn:aws:iam::${APPS}:policy/loader`],
  },
  {
    // terraform-aws-modules/eks-pod-identity
    account: APPS,
    name: 'search-20260301120000000000000002',
    trust: document(POD_IDENTITY),
    attached: [`arn:aws:iam::${APPS}:policy/loader`],
    tags: { Terraform: 'true' },
  },
  {
    // AWS CDK, ServiceAccount with IRSA
    account: APPS,
    name: 'Platform-CdkApiRole5B1A4F1C-8U3V7Z',
    trust: document(irsa(sub('cdk', 'cdk-api'))),
    inline: { CdkApiRoleDefaultPolicy1A2B3C4D: S3_READ },
  },
  {
    // AWS CDK, ServiceAccount with identityType POD_IDENTITY
    account: APPS,
    name: 'Platform-CdkWorkerRole9F8E7D6C-1QAZ2W',
    trust: document(
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'pods.eks.amazonaws.com' } },
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { Service: 'pods.eks.amazonaws.com' },
      },
    ),
    inline: { CdkWorkerRoleDefaultPolicy5E6F7A8B: S3_READ },
  },
  {
    // a person: a path, a boundary, longer sessions, GitHub and another cluster in the trust, an old inline policy
    account: APPS,
    name: 'billing-irsa',
    path: '/team/',
    description: 'Billing; ask the money team (#money).',
    permissionsBoundary: BOUNDARY,
    maxSessionDuration: 7200,
    trust: document(
      { Sid: 'Irsa', ...irsa(sub('money', 'billing')) },
      {
        Sid: 'Deploys',
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: provider('token.actions.githubusercontent.com') },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:acme/billing:ref:refs/heads/main',
          },
        },
      },
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: provider(OTHER_ISSUER) },
        Condition: {
          StringEquals: {
            [`${OTHER_ISSUER}:sub`]: sub('money', 'billing'),
            [`${OTHER_ISSUER}:aud`]: 'sts.amazonaws.com',
          },
        },
      },
    ),
    inline: { queue: QUEUE },
    attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess', `arn:aws:iam::${APPS}:policy/loader`],
    tags: { Team: 'money', 'cost-centre': '42' },
  },
  {
    // the console: Pod Identity as the user guide writes it
    account: APPS,
    name: 'AmazonEKSPodIdentityInvoicesRole',
    path: '/service-role/',
    description: 'Allows pods running in Amazon EKS cluster to access AWS resources.',
    trust: document({
      Sid: 'AllowEksAuthToAssumeRoleForPodIdentity',
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    }),
    attached: ['arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
  },
  { account: APPS, name: 'shared', trust: document(irsa([sub('shop', 'shared-a'), sub('shop', 'shared-b')])) },
  { account: APPS, name: 'everyone', trust: document(irsa('system:serviceaccount:shop:*', 'StringLike')) },
  {
    account: DATA,
    name: 'elsewhere',
    trust: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: `arn:aws:iam::${DATA}:oidc-provider/${ISSUER}` },
      Condition: {
        StringEquals: { [`${ISSUER}:sub`]: sub('shop', 'elsewhere'), [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
      },
    }),
  },
  {
    // terraform-aws-modules/iam v5, allow_self_assume_role
    account: APPS,
    name: 'selfish',
    trust: document(
      {
        Sid: 'ExplicitSelfRoleAssumption',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: '*' },
        Condition: { ArnLike: { 'aws:PrincipalArn': arn('selfish') } },
      },
      irsa([sub('shop', 'selfish')]),
    ),
    inline: { self: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn('selfish') }) },
  },
  {
    account: APPS,
    name: 'AmazonEKS_EBS_CSI_DriverRole',
    trust: document(irsa(sub('kube-system', 'ebs-csi-controller-sa'))),
    attached: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
  },
  {
    account: APPS,
    name: 'nobodys',
    trust: document(POD_IDENTITY),
    attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  },
  deployRole(APPS),
  deployRole(DATA),
];

function deployRole(account: string): SeedRole {
  return {
    account,
    name: 'podlift-deploy',
    trust: document({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'sts:AssumeRole',
    }),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  };
}

const roleOf = (name: string) => {
  const role = ROLES.find((one) => one.name.includes(name));
  if (role === undefined) throw new Error(`no role ${name}`);
  return arn(role.name, role.account, role.path);
};

function account(
  namespace: string,
  name: string,
  role?: string,
  rest: Partial<SeedServiceAccount> = {},
): SeedServiceAccount {
  return { namespace, name, ...(role === undefined ? {} : { annotations: { [ANNOTATION]: role } }), ...rest };
}
const EKSCTL = { labels: { 'app.kubernetes.io/managed-by': 'eksctl' } };
const ACCOUNTS: readonly SeedServiceAccount[] = [
  account('shop', 'catalog', roleOf('1RN1BJRQS2ZZ8'), { ...EKSCTL, imagePullSecrets: ['registry'] }),
  account('shop', 'carts', roleOf('Role1-2XX'), EKSCTL),
  account('data', 'loader', roleOf('loader-')),
  account('data', 'importer', arn('importer')),
  account('shop', 'search'),
  account('cdk', 'cdk-api', roleOf('CdkApiRole'), { labels: { 'app.kubernetes.io/name': 'cdk-api' } }),
  account('cdk', 'cdk-worker', roleOf('CdkWorkerRole'), { labels: { 'app.kubernetes.io/name': 'cdk-worker' } }),
  account('money', 'billing', roleOf('billing-irsa')),
  account('money', 'invoices'),
  account('shop', 'shared-a', arn('shared')),
  account('shop', 'shared-b', arn('shared')),
  account('shop', 'everyone', arn('everyone')),
  account('shop', 'elsewhere', arn('elsewhere', DATA)),
  account('shop', 'selfish', arn('selfish')),
  account('shop', 'plain'),
];

const deployments: SeedManifest[] = ACCOUNTS.map(({ namespace, name }) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { serviceAccountName: name, containers: [{ name: 'app', image: `registry.example/${name}:1` }] },
    },
  },
}));

export const SEED: SandboxSeed = {
  ambientAccount: '111111111111',
  clusters: [
    {
      ...CLUSTER,
      version: '1.33',
      issuer: `https://${ISSUER}`,
      addons: [
        {
          name: 'eks-pod-identity-agent',
          version: 'v1.3.4-eksbuild.1',
          configuration: '{"agent":{"additionalArgs":{"-b":"169.254.170.23"}}}',
          tags: { Team: 'platform' },
        },
        { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: roleOf('EBS_CSI') },
      ],
      associations: [
        { namespace: 'shop', serviceAccount: 'carts', roleArn: roleOf('Role1-2XX') },
        { namespace: 'shop', serviceAccount: 'search', roleArn: roleOf('search-'), tags: { Terraform: 'true' } },
        { namespace: 'cdk', serviceAccount: 'cdk-worker', roleArn: roleOf('CdkWorkerRole') },
        { namespace: 'money', serviceAccount: 'invoices', roleArn: roleOf('Invoices') },
      ],
      serviceAccounts: ACCOUNTS,
      manifests: deployments,
    },
  ],
  oidcProviders: [
    { account: APPS, issuer: `https://${ISSUER}` },
    { account: APPS, issuer: `https://${OTHER_ISSUER}` },
    { account: APPS, issuer: 'https://token.actions.githubusercontent.com' },
    { account: DATA, issuer: `https://${ISSUER}` },
  ],
  policies: [
    { arn: BOUNDARY, document: document({ Effect: 'Allow', Action: '*', Resource: '*' }) },
    { arn: `arn:aws:iam::${APPS}:policy/loader`, document: S3_READ },
  ],
  roles: ROLES,
};

export const INVENTORY = `version: 1
accounts:
  apps: { id: "${APPS}", deployRole: "arn:aws:iam::${APPS}:role/podlift-deploy" } # production
  data: { id: "${DATA}", deployRole: "arn:aws:iam::${DATA}:role/podlift-deploy" }
  ops: { id: "111111111111" }
environments:
  prod:
    account: apps
    region: ${REGION}
`;
