/** A tool that writes tags to what it makes in AWS. */
export interface ToolTags {
  readonly tool: string;
  /**
   * `always`: a controller compares the resource with its own object all the time, and sets it again within minutes. `on-change`: the tool sets it again
   * with its next update, or deletes it with its stack.
   */
  readonly reverts: 'always' | 'on-change';
  /** The keys of its tags. */
  readonly key: RegExp;
  /** The tag that names the tool's own object, and what the object is. */
  readonly object?: readonly [what: string, key: string];
}

/** The tags that tools write by themselves, the most specific first. */
export const TOOL_TAGS: readonly ToolTags[] = [
  {
    // crossplane/crossplane-runtime pkg/resource/resource.go (GetExternalTags)
    tool: 'Crossplane',
    reverts: 'always',
    key: /^crossplane-(kind|name|providerconfig)$/,
    object: ['managed resource', 'crossplane-name'],
  },
  {
    // aws-controllers-k8s/runtime pkg/config/config.go (defaultResourceTags)
    tool: 'ACK',
    reverts: 'always',
    key: /^services\.k8s\.aws\/(controller-version|namespace|name)$/,
    object: ['namespace', 'services.k8s.aws/namespace'],
  },
  {
    // https://docs.aws.amazon.com/eks/latest/userguide/ack-considerations.html: the default tags of the EKS capability for ACK
    tool: 'ACK (EKS capability)',
    reverts: 'always',
    key: /^eks:(eks-capability-arn|kubernetes-api-group)$/,
  },
  {
    // eksctl-io/eksctl pkg/apis/eksctl.io/v1alpha5/types.go; eksctl makes its roles by stacks of CloudFormation
    tool: 'eksctl',
    reverts: 'on-change',
    key: /^(alpha\.eksctl\.io\/(cluster-name|iamserviceaccount-name|addon-name|eksctl-version|podidentityassociation-name)|eksctl\.cluster\.k8s\.io\/v1alpha1\/cluster-name)$/,
    object: ['stack', 'aws:cloudformation:stack-name'],
  },
  {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    tool: 'CloudFormation',
    reverts: 'on-change',
    key: /^aws:cloudformation:(stack-name|stack-id|logical-id)$/,
    object: ['stack', 'aws:cloudformation:stack-name'],
  },
  // Pulumi writes no tags by itself: these are the ones that its users write most.
  { tool: 'Pulumi', reverts: 'on-change', key: /^pulumi:(project|stack)$/i, object: ['stack', 'pulumi:stack'] },
];

/** Keys by which people say which tool manages a resource: `ManagedBy`, `managed-by`, `Provisioner`; `Terraform: true`. Terraform writes no tag by itself. */
export const MANAGED_BY_KEY = /^((managed|created|provisioned|deployed)[-_ :/]?by|provisioner|iac([-_ ]?tool)?)$/i;
export const TOOL_KEY = /^(terraform|opentofu|pulumi|cloudformation)$/i;

/** What people write there. */
export const MANAGED_BY_VALUE =
  /^(terraform|opentofu|terragrunt|pulumi|crossplane|cloudformation|cdk|aws-cdk|eksctl|ansible|ack)$/i;
export const TRUE_VALUE = /^(true|yes|1)$/i;
