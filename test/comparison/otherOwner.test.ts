import { otherOwner } from '../../src/comparison/otherOwner';

describe('the owner of a resource, by its tags', () => {
  it.each<[string, string, Record<string, string>]>([
    ['terraform', 'Terraform (tag ManagedBy: terraform)', { ManagedBy: 'terraform' }],
    ['terraform', 'Terraform (tag managed-by: Terraform)', { 'managed-by': 'Terraform' }],
    ['terraform', 'Terraform (tag managed_by: opentofu)', { managed_by: 'opentofu' }],
    ['terraform', 'Terraform (tag Provisioner: Terraform Cloud)', { Provisioner: 'Terraform Cloud' }],
    [
      'terraform',
      'Terraform (tag app.kubernetes.io/managed-by: terraform)',
      { 'app.kubernetes.io/managed-by': 'terraform' },
    ],
    ['terraform', 'Terraform (tag terraform: true)', { terraform: 'true' }],
    ['terraform', 'Terraform (tag terraform-managed: yes)', { 'terraform-managed': 'yes' }],
    ['terraform', 'Terraform (tag terraform:workspace: prod)', { 'terraform:workspace': 'prod' }],
    ['terraform', 'Terraform (tag IaC: terragrunt)', { IaC: 'terragrunt' }],
    ['cloudformation', 'CloudFormation (stack iam)', { 'aws:cloudformation:stack-name': 'iam' }],
    ['cdk', 'AWS CDK (stack Iam)', { 'aws:cloudformation:stack-name': 'Iam', 'aws-cdk:id': 'Iam_c8' }],
    ['cdk', 'AWS CDK (stack Iam)', { 'aws:cloudformation:stack-name': 'Iam', ManagedBy: 'CDK' }],
    [
      'eksctl',
      'eksctl (stack eksctl-main-addon-iamserviceaccount-shop-web)',
      {
        'alpha.eksctl.io/cluster-name': 'main',
        'alpha.eksctl.io/iamserviceaccount-name': 'shop/web',
        'aws:cloudformation:stack-name': 'eksctl-main-addon-iamserviceaccount-shop-web',
      },
    ],
    ['eksctl', 'eksctl', { 'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'main' }],
    [
      'crossplane',
      'Crossplane (managed resource web)',
      { 'crossplane-name': 'web', 'crossplane-kind': 'role.iam.aws' },
    ],
    ['crossplane', 'Crossplane', { 'crossplane.io/claim-name': 'web' }],
    ['ack', 'ACK (namespace iam)', { 'services.k8s.aws/namespace': 'iam', 'services.k8s.aws/controller-version': 'x' }],
    ['pulumi', 'Pulumi (stack prod)', { 'pulumi:project': 'iam', 'pulumi:stack': 'prod' }],
    ['pulumi', 'Pulumi (tag CreatedBy: pulumi)', { CreatedBy: 'pulumi' }],
  ])('%s: %s', (tool, name, tags) => {
    expect(otherOwner({ team: 'shop', ...tags })).toMatchObject({ tool, name });
  });

  it.each<Record<string, string>>([
    {},
    { Terraform: 'false' },
    { ManagedBy: 'the platform team' },
    { ManagedBy: 'cdkeeper' },
    { 'my-crossplane-name': 'x' },
    { Name: 'terraform-state-reader' },
  ])('nobody, of %j', (tags) => {
    expect(otherOwner(tags)).toBeUndefined();
  });
});
