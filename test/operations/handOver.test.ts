import { otherOwner } from '../../src/comparison/otherOwner';
import { type HandedOver, letGo } from '../../src/operations/otherOwnerText';
import { remedyText } from '../../src/cli/report';

const ROLE: HandedOver = {
  kind: 'role',
  id: 'orders-api',
  policies: { attached: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'], inline: ['queue'] },
  workload: 'orders-api',
};

const textOf = (tags: Record<string, string>, what: HandedOver = ROLE) => remedyText(letGo(otherOwner(tags)!, what));

/** Each of these texts, in this order. */
function inOrder(text: string, ...parts: readonly (string | RegExp)[]): void {
  const positions = parts.map((part) =>
    text.search(typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : part),
  );
  expect(positions).not.toContain(-1);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
}

describe('the hand-over of a role keeps the role first, and only then lets its owner forget it', () => {
  it('of Terraform: removed blocks for the role, its attachments and its inline policies', () => {
    const text = textOf({ ManagedBy: 'terraform' });
    inOrder(
      text,
      'terraform state list -id=orders-api',
      'terraform state list -id=orders-api:queue',
      'removed {\n  from = aws_iam_role.ADDRESS\n  lifecycle {\n    destroy = false\n  }\n}',
      'from = aws_iam_role_policy_attachment.ADDRESS',
      'from = aws_iam_role_policy.ADDRESS',
      /nothing is destroyed, created or changed/,
      /remove these tags .*ManagedBy/,
      'role: { manage: external, name: orders-api } into workloads.orders-api',
    );
  });

  it.each<[string, Record<string, string>, readonly (string | RegExp)[]]>([
    [
      'CloudFormation',
      { 'aws:cloudformation:stack-name': 'iam' },
      ['DeletionPolicy: Retain', 'get-template --stack-name iam', /Only then remove the resource from the template/],
    ],
    [
      'AWS CDK',
      { 'aws-cdk:id': 'x', 'aws:cloudformation:stack-name': 'Iam' },
      ['applyRemovalPolicy(RemovalPolicy.RETAIN)', 'get-template --stack-name Iam', /Only then .*Role\.fromRoleArn/],
    ],
    [
      'eksctl',
      {
        'alpha.eksctl.io/cluster-name': 'main',
        'aws:cloudformation:stack-name': 'eksctl-main-addon-iamserviceaccount-shop-web',
      },
      [
        /^Do not run eksctl delete iamserviceaccount/m,
        'get-template --stack-name eksctl-main-addon-iamserviceaccount-shop-web',
        '"DeletionPolicy": "Retain"',
        'update-stack --stack-name eksctl-main-addon-iamserviceaccount-shop-web',
        'Only then remove the entry',
      ],
    ],
    [
      'eksctl without the name of the stack',
      { 'alpha.eksctl.io/cluster-name': 'main' },
      [
        'eksctl-CLUSTER-addon-iamserviceaccount-NAMESPACE-NAME',
        'aws cloudformation list-stacks',
        'get-template --stack-name STACK',
      ],
    ],
    [
      'Crossplane',
      { 'crossplane-name': 'orders' },
      [
        'managementPolicies: ["Observe"]',
        'deletionPolicy: Orphan',
        'kubectl get managed',
        'Only then delete the objects',
      ],
    ],
    [
      'ACK',
      { 'services.k8s.aws/namespace': 'iam' },
      [
        'services.k8s.aws/deletion-policy: retain',
        'kubectl -n iam get roles.iam.services.k8s.aws',
        'Only then delete the object',
      ],
    ],
    [
      'Pulumi',
      { 'pulumi:stack': 'prod' },
      [
        'retainOnDelete: true',
        'Only then remove the resource from the program',
        'pulumi stack --show-urns --stack prod',
      ],
    ],
  ])('of %s', (_, tags, parts) => {
    inOrder(textOf(tags), 'Do this before a step changes the resource:', ...parts, 'manage: external');
  });

  it('never has a command that deletes, destroys or migrates anything', () => {
    for (const tags of [
      { ManagedBy: 'terraform' },
      { 'aws:cloudformation:stack-name': 'iam' },
      { 'aws-cdk:id': 'x' },
      { 'alpha.eksctl.io/cluster-name': 'main' },
      { 'crossplane-name': 'orders' },
      { 'services.k8s.aws/namespace': 'iam' },
      { 'pulumi:stack': 'prod' },
      { ManagedBy: 'ansible' },
    ] as const) {
      const commands = letGo(otherOwner(tags)!, ROLE).flatMap((step) => ('run' in step ? [step.run.join(' ')] : []));
      expect(commands.filter((one) => /delete|destroy|state rm|migrate|--force/i.test(one))).toEqual([]);
    }
  });

  it.each<[HandedOver['kind'], string, string]>([
    ['association', 'prod-main,a-1', 'aws_eks_pod_identity_association.ADDRESS'],
    ['oidc-provider', 'arn:aws:iam::1:oidc-provider/x', 'aws_iam_openid_connect_provider.ADDRESS'],
    ['addon', 'prod-main:eks-pod-identity-agent', 'aws_eks_addon.ADDRESS'],
  ])('of an %s there is one block, and no role to leave with its owner', (kind, id, address) => {
    const text = textOf({ ManagedBy: 'terraform' }, { kind, id });
    inOrder(text, `terraform state list -id=${id}`, `from = ${address}`);
    expect(text.match(/^removed \{/gm)).toHaveLength(1);
    expect(text).not.toContain('manage: external');
  });
});
