import { changed, checkMarked, type Change } from '../marked';

const issuer = (url: string): Change => ({
  replace: { 'https://oidc.eks.us-west-2.amazonaws.com/id/D1D1': url },
});
const context = (name: string): Change => ({
  replace: { 'name: dev-main': `name: dev-main\n        kubernetes: { context: "${name}" }` },
});
const statement = (fields: string): Change => ({
  append: `    permissions:\n      statements:\n        - { ${fields} }\n`,
});
const S3 = 'actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"]';
const HOP = 'actions: [sts:AssumeRole], resources: ["arn:aws:iam::111111111111:role/reports"]';
const KAFKA = 'actions: ["kafka-cluster:*"], resources: ["arn:aws:kafka:us-west-2:111111111111:cluster/x/*"]';
const onlyDev = (more: string): Change => ({ append: `    environments: [dev]\n${more}` });
const WEB = '  web:\n    namespace: production\n    serviceAccount: web\n    environments: [dev]\n';
const STATE = '    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n';
const BORN = `${WEB}    stage: pod-identity\n`;

/** What looks like a mistake and is none. */
const ACCEPTED: readonly (readonly [string, Change])[] = [
  [
    '"*" for actions that take nothing else',
    statement('actions: [s3:ListAllMyBuckets, ec2:DescribeInstances], resources: ["*"]'),
  ],
  [
    'a local state where the only account has a role to read with',
    {
      replace: {
        '  data: { id: "222222222222" }\n': '',
        'account: data': 'account: apps',
        '"111111111111" }': '"111111111111", readRole: "arn:aws:iam::111111111111:role/read" }',
        [STATE]: '',
      },
    },
  ],
  [
    'an imported policy that AWS has deprecated',
    {
      append:
        '  old:\n    namespace: production\n    serviceAccount: old\n    environments: [dev]\n    stage: irsa\n    because: waits\n    role: { adopt: true, imports: { managedPolicies: ["arn:aws:iam::aws:policy/AWSLambdaFullAccess"] } }\n    permissions: { managedPolicies: [AWSLambdaFullAccess] }\n',
    },
  ],
  ['a hop to a role that is no target, with a reason', statement(`${HOP}, because: its trust policy allows it`)],
  ['a hop to a role that is no target, denied', statement(`${HOP}, effect: Deny`)],
  [
    'a hop to a role that is no target, without session tags',
    onlyDev(`    sessionTags: false\n${statement(HOP).append!}`),
  ],
  ['a hop to a role that is no target, at irsa', { ...statement(HOP), replace: { 'dev: dual, prod: prepared': '' } }],
  [
    'a hop to the role itself',
    onlyDev(statement('actions: [sts:AssumeRole], resources: ["arn:aws:iam::111111111111:role/dev-api"]').append!),
  ],
  [
    'a hop to a target',
    onlyDev(
      `    targets: { lake: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } }\n${statement('actions: [sts:AssumeRole], resources: ["arn:aws:iam::222222222222:role/dev-api-lake"]').append!}`,
    ),
  ],
  ['Amazon MSK with a reason', statement(`${KAFKA}, because: the client connects again`)],
  ['Amazon MSK at irsa', { ...statement(KAFKA), replace: { 'dev: dual, prod: prepared': '' } }],
  [
    'Amazon MSK for a target role that the app assumes under a name',
    onlyDev(`    targets: { lake: { account: data, permissions: { statements: [{ ${KAFKA} }] } } }\n`),
  ],
  ['clusters of Amazon MSK', statement('actions: [kafka:ListClusters], resources: ["*"]')],
  ['"*" with a reason', statement('actions: [s3:GetObject], resources: ["*"], because: a crawler')],
  ['"*" in a Deny', statement('effect: Deny, actions: ["*"], resources: ["*"]')],
  ['actions in another case', statement('actions: [S3:getobject], resources: ["arn:aws:s3:::x/*"]')],
  ['a wildcard in an action', statement('actions: ["s3:Get?bject", "s3:Put*"], resources: ["arn:aws:s3:::x/*"]')],
  [
    'keys of an OIDC issuer',
    statement(`${S3}, conditions: { StringEquals: { "oidc.eks.us-west-2.amazonaws.com/id/D1D1:sub": x } }`),
  ],
  [
    'condition keys with a varying part',
    statement(`${S3}, conditions: { StringEquals: { "s3:ExistingObjectTag/team": x, "aws:ResourceTag/team": y } }`),
  ],
  [
    'condition keys of a prefix that is no service',
    statement(`${S3}, conditions: { StringEquals: { "saml:aud": x } }`),
  ],
  [
    'operators with a set prefix and IfExists',
    statement(`${S3}, conditions: { "ForAllValues:StringLikeIfExists": { "aws:TagKeys": [a, b] } }`),
  ],
  [
    'the six tags of Pod Identity, case aside',
    statement(`${S3}, conditions: { StringEquals: { "aws:principaltag/Kubernetes-Namespace": x } }`),
  ],
  [
    "a tag of the environment's, which its roles carry",
    {
      append: `    environments: [prod]\n${statement(`${S3}, conditions: { StringEquals: { "aws:PrincipalTag/cost-centre": x } }`).append ?? ''}`,
    },
  ],
  [
    'the tags that podlift gives its roles',
    statement(
      `${S3}, conditions: { StringEquals: { "aws:PrincipalTag/podlift:workload": x, "aws:PrincipalTag/podlift:environment": y } }`,
    ),
  ],
  ['an issuer of a dual-stack cluster', issuer('https://oidc-eks.us-west-2.api.aws/id/D1D1')],
  ['a context as `aws eks update-kubeconfig` names it', context('arn:aws:eks:us-west-2:111111111111:cluster/x')],
  ['a context as eksctl names it', context('user@dev-main.us-west-2.eksctl.io')],
  ['a context as Teleport names it', context('teleport.acme-prod')],
  ['a context of 253 characters', context('c'.repeat(253))],
  [
    'one sid in two roles',
    {
      append: `    permissions: { statements: [{ sid: A, ${S3} }] }\n${BORN}    permissions: { statements: [{ sid: A, ${S3} }] }\n`,
    },
  ],
  ['"*" as an action with a reason', statement('actions: ["*"], resources: ["arn:aws:s3:::x"], because: an operator')],
  [
    'a cluster called as a stack, whose service accounts are left to GitOps: it has no context',
    {
      replace: {
        'environments:\n':
          'environments:\n  dev-service-accounts: { account: data, region: us-west-2, state: { s3: { bucket: acme-tfstate, region: us-west-2 } } }\n',
        '      main:\n        name: dev-main': '      identity:\n        name: dev-main',
      },
    },
  ],
  ['a partition that is a wildcard', statement('actions: [s3:GetObject], resources: ["arn:*:s3:::x/*"]')],
  [
    'a resource with a variable for its account',
    statement('actions: [s3:GetObject], resources: ["arn:aws:s3:us-west-2:${aws:PrincipalAccount}:accesspoint/x"]'),
  ],
  [
    'conditions that are no text',
    statement(`${S3}, conditions: { Bool: { "aws:SecureTransport": true }, NumericLessThan: { "s3:max-keys": 5 } }`),
  ],
  [
    'managed policies with a path, or as an ARN with names',
    {
      append:
        '    permissions: { managedPolicies: [service-role/AmazonEBSCSIDriverPolicy, "arn:{partition}:iam::{account}:policy/x"] }\n',
    },
  ],
  ['a boundary of AWS', { append: '    role: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" }\n' }],
  [
    'a cluster key that only one environment has',
    {
      replace: { '      main:\n        name: prod': '      batch:\n        name: prod' },
      append: '    clusters: [main]\n',
    },
  ],
  [
    'Fargate at irsa with a reason',
    { append: `${WEB}    compute: fargate\n    stage: irsa\n    because: no agent there\n` },
  ],
  [
    'an override whose stage takes the place of a wave',
    { append: '    overrides: { prod: { stage: irsa, because: later } }\n' },
  ],
  [
    'an override whose wave takes the place of a stage',
    { append: `${WEB}    stage: irsa\n    because: later\n    overrides: { dev: { wave: pilot } }\n` },
  ],
  [
    'a cluster without oidc whose workloads are all at pod-identity',
    {
      replace: {
        '        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1" }\n': '',
        'dev: dual': 'dev: pod-identity',
      },
    },
  ],
  [
    'Auto Mode without an agent',
    {
      replace: {
        'agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }':
          'autoMode: true\n    values: { bucket: acme-dev }',
      },
    },
  ],
  ['a hybrid workload with a new enough agent', { append: '    compute: hybrid\n' }],
  [
    'an old SDK at irsa',
    { append: `${WEB}    stage: irsa\n    because: old\n    sdk: { language: python, version: 1.20.0 }\n` },
  ],
  [
    'a wave level with the one before it',
    { replace: { 'workloads:\n': '  core: { after: pilot, stages: { dev: dual, prod: irsa } }\nworkloads:\n' } },
  ],
  [
    'a service account of the same name in another namespace',
    { append: BORN.replace('production', 'media').replace('serviceAccount: web', 'serviceAccount: api') },
  ],
  [
    'a local state where one account without a deploy role is all there is',
    {
      replace: {
        '  data: { id: "222222222222" }\n': '',
        'account: data': 'account: apps',
        [`${STATE}    clusters`]: '    clusters',
        [`${STATE}    tags`]: '    tags',
      },
    },
  ],
  [
    'no stage of its own where every environment has one by an override',
    { append: `${WEB}    overrides: { dev: { stage: pod-identity } }\n` },
  ],
  [
    'an override with a stage in an environment where the workload has a wave elsewhere',
    {
      append: `${WEB.replace('[dev]', '[dev, prod]')}    overrides: { dev: { wave: pilot }, prod: { stage: pod-identity } }\n`,
    },
  ],
  [
    'a stage that was found with a role that is adopted',
    { append: `${BORN}    found: dual\n    role: { adopt: true }\n` },
  ],
  [
    'an account that exists and is imported, also `default`',
    {
      append: `${BORN.replace('serviceAccount: web', 'serviceAccount: { name: default, manage: create, adopt: true }')}    role: { adopt: true }\n`,
    },
  ],
  [
    'the account `default`, annotated',
    { append: BORN.replace('serviceAccount: web', 'serviceAccount: { name: default, manage: annotate }') },
  ],
  [
    'the account `default` under a role that is adopted',
    { append: `${BORN.replace('serviceAccount: web', 'serviceAccount: default')}    role: { adopt: true }\n` },
  ],
  [
    'the account `default`, where podlift creates none: the cluster has no context',
    { append: BORN.replace('serviceAccount: web', 'serviceAccount: default') },
  ],
  [
    'the account `default` of an add-on, which creates it',
    {
      replace: {
        'name: dev-main': 'name: dev-main\n        kubernetes: { context: dev-main }',
        'agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }':
          'agent: { version: v1.3.4-eksbuild.1 }\n        addons: { acme-driver: { version: v1.1.0-eksbuild.1, serviceAccounts: { default: web } } }\n    values: { bucket: acme-dev }',
      },
      append: BORN.replace('serviceAccount: web', 'serviceAccount: default'),
    },
  ],
  [
    'workloads of one add-on that are released together',
    {
      replace: {
        'agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }':
          'agent: { version: v1.3.4-eksbuild.1 }\n        addons: { aws-network-flow-monitoring-agent: { version: v2.1.0-eksbuild.1, serviceAccounts: { efs: efs, efs-node: efs-node } } }\n    values: { bucket: acme-dev }',
      },
      append: ['efs', 'efs-node']
        .map(
          (key) =>
            `  ${key}: { stage: pod-identity, released: true, namespace: kube-system, serviceAccount: ${key}, environments: [dev] }\n`,
        )
        .join(''),
    },
  ],
  ['a workload that is released', { append: `${BORN}    released: true\n` }],
  ['one role name in two accounts', { append: '    role: { name: api }\n' }],
  [
    'braces that are no names',
    statement('actions: [s3:GetObject], resources: ["arn:aws:s3:::x/{}/{a,b}/${aws:username}/%{x}"]'),
  ],
  [
    'accepted checks of each form',
    {
      replace: {
        'prod: prepared':
          'prod: { stage: prepared, because: late, accepted: [soak, "role:api", "sdk:api:main", "agent::main"] }',
      },
    },
  ],
  [
    'an anchor and its alias',
    {
      append: `${BORN}    sdk: &sdk { language: python, version: 1.34.60 }\n  web2: { stage: pod-identity, namespace: production, serviceAccount: web2, sdk: *sdk, environments: [dev] }\n`,
    },
  ],
];

describe('what is no mistake', () => {
  it.each(ACCEPTED)('%s', (_what, change) => {
    const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
    expect(loaded.findings).toEqual([]);
    expect(loaded.inventory).toBeDefined();
  });
});
