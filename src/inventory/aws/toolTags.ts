/** A tool that makes resources of AWS, by what it takes to hand a resource over. */
export type OwnerTool =
  | 'terraform'
  | 'cloudformation'
  | 'cdk'
  | 'eksctl'
  | 'crossplane'
  | 'ack'
  | 'pulumi'
  /** A tool of which only a tag says that there is one: Ansible. */
  | 'other';

/** A tool that writes tags to what it makes in AWS. */
export interface ToolTags {
  readonly tool: OwnerTool;
  /** As people call it. */
  readonly name: string;
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
    // crossplane/crossplane-runtime pkg/resource/resource.go (GetExternalTags); compositions write tags below crossplane.io/ too
    tool: 'crossplane',
    name: 'Crossplane',
    reverts: 'always',
    key: /^crossplane-(kind|name|providerconfig)$|^([\w-]+\.)?crossplane\.io\//,
    object: ['managed resource', 'crossplane-name'],
  },
  {
    // aws-controllers-k8s/runtime pkg/config/config.go (defaultResourceTags)
    tool: 'ack',
    name: 'ACK',
    reverts: 'always',
    key: /^services\.k8s\.aws\//,
    object: ['namespace', 'services.k8s.aws/namespace'],
  },
  {
    // https://docs.aws.amazon.com/eks/latest/userguide/ack-considerations.html: the default tags of the EKS capability for ACK
    tool: 'ack',
    name: 'ACK (EKS capability)',
    reverts: 'always',
    key: /^eks:(eks-capability-arn|kubernetes-api-group)$/,
  },
  {
    // eksctl-io/eksctl pkg/apis/eksctl.io/v1alpha5/types.go; eksctl makes its roles by stacks of CloudFormation
    tool: 'eksctl',
    name: 'eksctl',
    reverts: 'on-change',
    key: /^(alpha\.eksctl\.io|eksctl\.cluster\.k8s\.io)\//,
    object: ['stack', 'aws:cloudformation:stack-name'],
  },
  {
    // aws/aws-cdk packages/aws-cdk-lib/core: tags of its own below aws-cdk:. Most stacks of CDK have the tags of CloudFormation alone.
    tool: 'cdk',
    name: 'AWS CDK',
    reverts: 'on-change',
    key: /^aws[-:]cdk:/,
    object: ['stack', 'aws:cloudformation:stack-name'],
  },
  {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    tool: 'cloudformation',
    name: 'CloudFormation',
    reverts: 'on-change',
    key: /^aws:cloudformation:/,
    object: ['stack', 'aws:cloudformation:stack-name'],
  },
  // Pulumi writes no tags by itself: these are the ones that its users write most.
  {
    tool: 'pulumi',
    name: 'Pulumi',
    reverts: 'on-change',
    key: /^pulumi:(project|stack)$/i,
    object: ['stack', 'pulumi:stack'],
  },
];

/**
 * Keys by which people say which tool manages a resource: `ManagedBy`, `managed-by`, `app.kubernetes.io/managed-by`, `Provisioner`; `Terraform: true`. Terraform
 * writes no tag by itself.
 */
export const MANAGED_BY_KEY =
  /^(app\.kubernetes\.io\/)?((managed|created|provisioned|deployed|maintained)[-_ :./]?(by|with)|provisioner|iac([-_ ]?tool)?|tool|automation|source)$/i;

/** Keys that name the tool: `Terraform: true`, `terraform-managed: yes`, `managed_by_terraform: true`. */
export const TOOL_KEY =
  /^(?:managed[-_ :./]?by[-_ :./]?)?(terraform|opentofu|pulumi|cloudformation|cdk)([-_ :./]?managed)?$/i;

/** Keys that only a tool's own places have: a workspace, a module, a stack. `GithubRepo` is what the examples of terraform-aws-modules write. */
export const PLACE_KEY =
  /^(?:(terraform|tfe|tf|terragrunt|opentofu)[-_:./ ](workspace|module|stack|state|project|path|dir|directory|address|resource)s?)$/i;

/** The tools that a value of such a key names, each with the words by which people name it. */
export const TOOL_WORDS: readonly { readonly tool: OwnerTool; readonly name: string; readonly word: RegExp }[] = [
  {
    tool: 'terraform',
    name: 'Terraform',
    word: /^(hashicorp[-_ ]?)?(terraform|opentofu|tofu|terragrunt|tf|atlantis|spacelift|tfc|tfe)\b/i,
  },
  { tool: 'pulumi', name: 'Pulumi', word: /^pulumi\b/i },
  { tool: 'crossplane', name: 'Crossplane', word: /^(upbound|crossplane)\b/i },
  { tool: 'cdk', name: 'AWS CDK', word: /^(aws[-_ ]?)?cdk\b/i },
  { tool: 'cloudformation', name: 'CloudFormation', word: /^(aws[-_ ]?)?(cloudformation|cfn|sam)\b/i },
  { tool: 'eksctl', name: 'eksctl', word: /^eksctl\b/i },
  { tool: 'ack', name: 'ACK', word: /^(aws[-_ ]?)?ack\b/i },
  { tool: 'other', name: 'Ansible', word: /^ansible\b/i },
];
/** The same names as whole values, which say nothing else: a redacted Estate keeps them. */
export const TOOL_VALUE =
  /^((hashicorp[-_ ]?)?(terraform|opentofu|tofu|terragrunt)|pulumi|crossplane|(aws[-_ ]?)?(cloudformation|cdk|ack|cfn)|eksctl|ansible)$/i;
export const TRUE_VALUE = /^(true|yes|1)$/i;

/** The keys of tags that tools write whole, and that have no name of an estate in them: a redacted Estate keeps them. */
export const WHOLE_TOOL_KEY =
  /^(crossplane-(kind|name|providerconfig)|services\.k8s\.aws\/(controller-version|namespace|name)|eks:(eks-capability-arn|kubernetes-api-group)|alpha\.eksctl\.io\/(cluster-name|iamserviceaccount-name|addon-name|eksctl-version|podidentityassociation-name)|eksctl\.cluster\.k8s\.io\/v1alpha1\/cluster-name|aws:cloudformation:(stack-name|stack-id|logical-id)|pulumi:(project|stack))$/i;
