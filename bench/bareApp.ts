import { App, TerraformStack } from '../modules/cdktf';
import {
  AwsProvider,
  EksAddon,
  EksPodIdentityAssociation,
  IamRole,
  IamRolePolicy,
  IamRolePolicyAttachment,
} from '../modules/providers';

// A cdktf app as a team would write it by hand: the same number of resources of each type as podlift writes (BARE_COUNTS, JSON:
// stack → type → count), with documents of the same shape. It has no inventory, no rules and no blueprint.

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

const ISSUER = 'oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';

const trust = (index: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${ISSUER}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${ISSUER}:sub`]: `system:serviceaccount:team:service-${index}`,
            [`${ISSUER}:aud`]: 'sts.amazonaws.com',
          },
        },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '333333333333',
            'aws:RequestTag/kubernetes-namespace': 'team',
            'aws:RequestTag/kubernetes-service-account': `service-${index}`,
          },
        },
      },
    ],
  });

const permissions = (index: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: `arn:aws:s3:::acme-prod-orders/service-${index}/*`,
      },
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:Query'],
        Resource: `arn:aws:dynamodb:us-west-2:333333333333:table/service-${index}`,
      },
    ],
  });

const app = new App({ stackTraces: false });
for (const [name, counts] of Object.entries(JSON.parse(process.env.BARE_COUNTS ?? '{}') as Counts)) {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'aws', { region: 'us-west-2', allowedAccountIds: ['333333333333'] });
  const times = (type: string, make: (index: number) => unknown) => {
    for (let index = 0; index < (counts[type] ?? 0); index += 1) make(index);
  };
  const roles: IamRole[] = [];
  times('aws_iam_role', (index) =>
    roles.push(
      new IamRole(stack, `role-${index}`, {
        name: `prod-service-${index}`,
        path: '/podlift/',
        assumeRolePolicy: trust(index),
        tags: { workload: `service-${index}`, environment: 'prod', stage: 'dual' },
      }),
    ),
  );
  const role = (index: number) => {
    const found = roles[index];
    if (found === undefined) throw new Error(`no role ${index}`);
    return found;
  };
  times(
    'aws_iam_role_policy',
    (index) =>
      new IamRolePolicy(stack, `policy-${index}`, {
        role: role(index).name,
        name: 'permissions',
        policy: permissions(index),
      }),
  );
  times(
    'aws_iam_role_policy_attachment',
    (index) =>
      new IamRolePolicyAttachment(stack, `attachment-${index}`, {
        role: role(index).name,
        policyArn: 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess',
      }),
  );
  times(
    'aws_eks_addon',
    (index) =>
      new EksAddon(stack, `agent-${index}`, { clusterName: `prod-${index}`, addonName: 'eks-pod-identity-agent' }),
  );
  times(
    'aws_eks_pod_identity_association',
    (index) =>
      new EksPodIdentityAssociation(stack, `association-${index}`, {
        clusterName: 'prod-main',
        namespace: 'team',
        serviceAccount: `service-${index}`,
        roleArn: role(index).arn,
        tags: { workload: `service-${index}`, environment: 'prod' },
      }),
  );
}
app.synth();
