import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type {
  SandboxSeed,
  SeedAssociation,
  SeedCluster,
  SeedManifest,
  SeedPolicy,
  SeedRole,
  SeedServiceAccount,
} from '../../src/sandbox/Seed';
import { seedDeployment } from '../sandbox/seedDeployment';

// Three kinds of estates that people publish, made from short rows. Sources of the shapes:
// terraform-aws-modules/terraform-aws-iam examples/iam-role-for-service-accounts-eks (conditions, several namespaces, names of policies),
// terraform-aws-modules/terraform-aws-eks-pod-identity examples/complete (one role with an association on each of two clusters).

const ACCOUNT = '222233334444';
const REGION = 'eu-west-1';
const ISSUERS = {
  north: 'oidc.eks.eu-west-1.amazonaws.com/id/0A0B0C0D0E0F00000000000000000001',
  south: 'oidc.eks.eu-west-1.amazonaws.com/id/0A0B0C0D0E0F00000000000000000002',
} as const;
const ANNOTATION = 'eks.amazonaws.com/role-arn';
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
const sub = (account: string) => `system:serviceaccount:${account.replace('/', ':')}`;

/** What the inventory has before `discover`. */
export const BEFORE = `version: 1
accounts:
  apps: { id: "${ACCOUNT}" }
environments:
  prod:
    account: apps
    region: ${REGION}
`;

/** A role, and the service accounts that use it: `namespace/name`. */
interface Row {
  readonly role: string;
  readonly of: readonly string[];
  readonly trust: PolicyDocument;
  /** A policy of AWS; default: one of the account with the name of the role. */
  readonly managed?: string;
  readonly inline?: PolicyDocument;
  readonly tags?: Readonly<Record<string, string>>;
}

const document = (...statements: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: statements });

/** The trust policy as the IRSA module writes it: `aud` and `sub` under one operator. */
function irsa(subjects: readonly string[], operator: 'StringEquals' | 'StringLike' = 'StringEquals'): PolicyDocument {
  const issuer = ISSUERS.north;
  return document({
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Condition: {
      [operator]: { [`${issuer}:sub`]: subjects.map(sub), [`${issuer}:aud`]: 'sts.amazonaws.com' },
    },
  });
}

/** The policy of a controller: several statements with conditions, as the modules have them. */
function controllerPolicy(service: string, index: number): PolicyDocument {
  return document(
    { Sid: 'Read', Effect: 'Allow', Action: [`${service}:Describe*`, `${service}:List*`], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: ['arn:aws:ec2:*:*:volume/*', 'arn:aws:ec2:*:*:snapshot/*'],
      Condition: { StringEquals: { 'ec2:CreateAction': ['CreateVolume', 'CreateSnapshot'] } },
    },
    {
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: `arn:aws:s3:::estate-${service}-${index}/*`,
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    },
  );
}

type Cluster = keyof typeof ISSUERS;

/** The seed of an estate of these rows on its clusters. With `associations`, the accounts have them in place of annotations. */
function seedOf(rows: readonly Row[], clusters: readonly Cluster[], associations = false): SandboxSeed {
  const own = rows.filter(({ managed, inline }) => managed === undefined && inline === undefined);
  return {
    ambientAccount: ACCOUNT,
    clusters: clusters.map((name) => clusterOf(rows, name, associations)),
    oidcProviders: associations
      ? []
      : clusters.map((name) => ({ account: ACCOUNT, issuer: `https://${ISSUERS[name]}` })),
    policies: own.map(({ role }, index): SeedPolicy => ({
      arn: policyArn(`${role}-20260211`),
      document: controllerPolicy(SERVICES[index % SERVICES.length]!, index),
    })),
    roles: [...rows.map(roleOf), NODE_ROLE],
  };
}

const SERVICES = ['ec2', 'elasticfilesystem', 'elasticloadbalancing', 'route53', 'sqs', 'secretsmanager'] as const;

function roleOf({ role, trust, managed, inline, tags }: Row): SeedRole {
  return {
    account: ACCOUNT,
    name: role,
    trust,
    lastUsed: new Date().toISOString(),
    ...(tags === undefined ? {} : { tags }),
    ...(inline === undefined
      ? { attached: [managed === undefined ? policyArn(`${role}-20260211`) : `arn:aws:iam::aws:policy/${managed}`] }
      : { inline: { app: inline } }),
  };
}

const NODE_ROLE: SeedRole = {
  account: ACCOUNT,
  name: 'workers',
  trust: document({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  attached: ['arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy'],
};

function clusterOf(rows: readonly Row[], name: Cluster, associated: boolean): SeedCluster {
  const accounts = rows.flatMap(({ role, of }) => of.map((account) => ({ role, account })));
  const parts = accounts.map(({ role, account }) => {
    const [namespace = '', serviceAccount = ''] = account.split('/');
    return { role: roleArn(role), namespace, serviceAccount };
  });
  return {
    account: ACCOUNT,
    name: `estate-${name}`,
    region: REGION,
    version: '1.33',
    issuer: `https://${ISSUERS[name]}`,
    nodes: [{ name: `${name}-1`, compute: 'ec2', labels: { 'eks.amazonaws.com/nodegroup': 'workers' } }],
    nodeGroups: [{ name: 'workers', nodeRole: roleArn('workers') }],
    addons: [{ name: 'eks-pod-identity-agent', version: 'v1.3.4-eksbuild.1' }],
    associations: associated
      ? parts.map(({ role, namespace, serviceAccount }): SeedAssociation => ({
          namespace,
          serviceAccount,
          roleArn: role,
        }))
      : [],
    serviceAccounts: parts.map(({ role, namespace, serviceAccount }): SeedServiceAccount => ({
      namespace,
      name: serviceAccount,
      ...(associated ? {} : { annotations: { [ANNOTATION]: role } }),
      writer: { fieldManager: 'helm' },
    })),
    manifests: parts.map(({ namespace, serviceAccount }): SeedManifest =>
      seedDeployment({
        namespace,
        name: serviceAccount,
        serviceAccount,
        image: `registry.example/${serviceAccount}:2`,
      }),
    ),
  };
}

/** Controllers as the example of the IRSA module has them: the role, and the accounts of its trust policy that exist. */
const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
  'cni-ipv4': ['kube-system/aws-node'],
  'ebs-csi': ['storage/ebs-csi-controller-sa'],
  'efs-csi': ['storage/efs-csi-controller-sa'],
  'fsx-csi': ['storage/fsx-csi-controller-sa', 'storage/fsx-csi-node-sa'],
  's3-csi': ['storage/s3-csi-driver-sa'],
  'external-dns': ['network/external-dns'],
  'cert-manager': ['network/cert-manager'],
  'load-balancer-controller': ['network/aws-load-balancer-controller'],
  'target-groups': ['network/target-group-binder'],
  karpenter: ['karpenter/karpenter'],
  'cluster-autoscaler': ['kube-system/cluster-autoscaler'],
  'node-termination': ['kube-system/node-termination-handler'],
  velero: ['backup/velero'],
  'external-secrets': ['secrets/external-secrets', 'canary/external-secrets'],
  'metrics-writer': ['metrics/collector'],
  'logs-writer': ['logs/shipper', 'logs-archive/shipper'],
  'mesh-controller': ['mesh/controller'],
  'mesh-proxy': ['mesh/gateway', 'mesh/proxy', 'canary/proxy'],
  'image-updater': ['delivery/image-updater'],
  'cost-reader': ['finance/cost-reader'],
  'queue-scaler': ['scaling/queue-scaler'],
};

/** 25 roles in the style of the IRSA module's example. */
export const IRSA_MODULE: SandboxSeed = seedOf(
  [
    ...Object.entries(CONTROLLERS).map(([role, of], index): Row => ({
      role,
      of,
      trust: irsa(of),
      ...(role === 'cni-ipv4' ? { managed: 'AmazonEKS_CNI_Policy' } : {}),
      tags: { Example: `estate-${index % 3}`, Terraform: 'true' },
    })),
    // The operator of the module is StringLike where a name has a wildcard; here none has.
    { role: 'reporter', of: ['reports/reporter'], trust: irsa(['reports/reporter'], 'StringLike') },
    // Names with wildcards: the namespace, and the account.
    { role: 'canary-app', of: ['canary-7/app'], trust: irsa(['canary-*/app'], 'StringLike') },
    { role: 'batch-any', of: ['batch/nightly'], trust: irsa(['batch/*'], 'StringLike') },
    // Nothing on the cluster has the names of this trust policy.
    { role: 'unused', of: [], trust: irsa(['default/my-app', 'canary/my-app']) },
  ],
  ['north'],
);

/** The trust policy as the Pod Identity module writes it. */
const POD_IDENTITY = document({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});

/** 22 Pod Identity roles, each with an association on both of two clusters. */
export const POD_IDENTITY_MODULE: SandboxSeed = seedOf(
  [
    ...Object.entries(CONTROLLERS)
      .slice(0, 20)
      .map(([role, of]): Row => ({
        role,
        of: of.slice(0, 1),
        trust: POD_IDENTITY,
        ...(role === 'cni-ipv4' ? { managed: 'AmazonEKS_CNI_Policy' } : {}),
        tags: { Terraform: 'true' },
      })),
    // Custom policies: inline, and one with session tags.
    {
      role: 'custom-inline',
      of: ['custom/inline'],
      trust: POD_IDENTITY,
      inline: document({
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:${REGION}:${ACCOUNT}:orders`,
      }),
    },
    {
      role: 'custom-tags',
      of: ['custom/tags'],
      trust: POD_IDENTITY,
      inline: document({
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::estate-shared/${aws:PrincipalTag/kubernetes-namespace}/*',
      }),
    },
  ],
  ['north', 'south'],
  true,
);

/** 33 roles of teams, of which three components share one. */
export const TEAMS: SandboxSeed = seedOf(
  [
    ...Array.from({ length: 32 }, (_, index): Row => {
      const account = `team-${index % 8}/service-${index}`;
      return {
        role: `team-${index % 8}-service-${index}`,
        of: [account],
        trust: irsa([account]),
        ...(index % 4 === 0 ? { managed: 'AmazonSSMReadOnlyAccess' } : {}),
        ...(index % 4 === 1
          ? { inline: document({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::team-${index}/*` }) }
          : {}),
        tags: { team: `team-${index % 8}` },
      };
    }),
    {
      role: 'delivery',
      of: ['delivery/server', 'delivery/controller', 'delivery/repo-server'],
      trust: irsa(['delivery/server', 'delivery/controller', 'delivery/repo-server']),
    },
  ],
  ['north'],
);
