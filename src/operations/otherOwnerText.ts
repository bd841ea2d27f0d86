import type { OtherOwner } from '../comparison/otherOwner';
import { inSentence } from '../inventory/printable';
import type { Remedy } from '../estate/Remedy';
import type { OwnerTool } from '../inventory/aws/toolTags';
import { type Advice, remedyOf, run } from './remedies';

const EFFECT: Readonly<Record<OtherOwner['reverts'], string>> = {
  always: 'it sets what podlift changes again within minutes, and pods lose their credentials',
  'on-change': 'its next update can set what podlift changes again, and the removal of its stack deletes the resource',
};

/** Which tool owns a resource, and what follows. `what`: `the role orders-api`. */
export function ownedText(what: string, { name, reverts }: OtherOwner): string {
  return `${what} belongs to ${inSentence(name)}: ${EFFECT[reverts]}`;
}

/** What is handed over, as AWS has it. */
export interface HandedOver {
  readonly kind: 'role' | 'association' | 'oidc-provider' | 'addon';
  /** The name of a role, the id of an association, the ARN of a provider, `cluster:name` of an add-on: what Terraform calls its id. */
  readonly id: string;
  /** Of a role: the ARNs of attached policies, and the names of inline ones. Absent: not known. */
  readonly policies?: { readonly attached: readonly string[]; readonly inline: readonly string[] };
  /** The key of the workload whose role it is, of an entry that can keep the role with its owner. */
  readonly workload?: string;
}

/**
 * How a tool lets go of a resource, in a safe order: first the tool must keep the resource when it forgets it, and only then it may forget it. Nothing here deletes
 * anything in AWS.
 */
export function letGo(owner: OtherOwner, what: HandedOver): Remedy {
  const own = owner.tags.filter((key) => !key.startsWith('aws:')).map(inSentence);
  return remedyOf(
    'Do this before a step changes the resource:',
    HOW[owner.tool](owner, what),
    own.length === 0
      ? []
      : `Last, remove these tags from the resource and from its entry in the inventory: ${own.join(', ')}.`,
    what.workload === undefined
      ? []
      : `Or leave the role with its owner: write role: { manage: external, name: ${what.id} } into workloads.${what.workload}. podlift then never writes the role.`,
  );
}

/** The types of a resource and of its parts, in each tool. */
const TYPES = {
  role: {
    terraform: 'aws_iam_role',
    cloudformation: 'AWS::IAM::Role',
    crossplane: 'roles.iam.aws',
    ack: 'roles.iam.services.k8s.aws',
  },
  association: {
    terraform: 'aws_eks_pod_identity_association',
    cloudformation: 'AWS::EKS::PodIdentityAssociation',
    crossplane: 'podidentityassociations.eks.aws',
    ack: 'podidentityassociations.eks.services.k8s.aws',
  },
  'oidc-provider': {
    terraform: 'aws_iam_openid_connect_provider',
    cloudformation: 'AWS::IAM::OIDCProvider',
    crossplane: 'openidconnectproviders.iam.aws',
    ack: 'openidconnectproviders.iam.services.k8s.aws',
  },
  addon: {
    terraform: 'aws_eks_addon',
    cloudformation: 'AWS::EKS::Addon',
    crossplane: 'addons.eks.aws',
    ack: 'addons.eks.services.k8s.aws',
  },
} as const;

const KEEP_AND_CHECK = 'Its plan must say that nothing is destroyed, created or changed. Then apply it.';

/**
 * The `removed` block takes no instance keys: it forgets every instance of the address. `terraform state list -id` finds an address.
 * Sources: https://developer.hashicorp.com/terraform/language/block/removed, https://developer.hashicorp.com/terraform/language/state/remove,
 * https://developer.hashicorp.com/terraform/cli/commands/state/list; import ids in the pages of the types at
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
function byTerraform({ kind, id, policies }: HandedOver): Advice {
  const type = TYPES[kind].terraform;
  const inline = policies?.inline ?? [];
  const parts = [
    type,
    ...(policies === undefined || policies.attached.length > 0 ? ['aws_iam_role_policy_attachment'] : []),
    ...(policies === undefined || inline.length > 0 ? ['aws_iam_role_policy'] : []),
  ];
  const blocks = (kind === 'role' ? parts : [type]).flatMap((one) => [
    'removed {',
    `  from = ${one}.ADDRESS`,
    '  lifecycle {',
    '    destroy = false',
    '  }',
    '}',
  ]);
  return [
    'Find the addresses (ADDRESS) where its Terraform runs:',
    run`terraform state list -id=${id}`,
    kind === 'role' ? inline.map((name) => run`terraform state list -id=${`${id}:${name}`}`) : [],
    ...(kind === 'role'
      ? [
          `The attachments of the role are among these, with role = ${JSON.stringify(id)} in terraform state show:`,
          run`terraform state list`,
          'Also forget an aws_iam_role_policy_attachments_exclusive, an aws_iam_role_policies_exclusive and an aws_iam_policy_attachment of the role: they detach what their configuration does not have. Keep an aws_iam_policy: podlift only attaches it.',
        ]
      : []),
    'Replace each resource block by a removed block (Terraform 1.7). In a module, from names the address with its module, or the whole module:',
    blocks.join('\n'),
    `An address with count or for_each is forgotten as a whole: for one instance of several, or with an older Terraform, remove the instance from the configuration and run terraform state rm with its address, both before the next apply. ${KEEP_AND_CHECK}`,
  ];
}

/**
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html,
 * …/aws-attribute-updatereplacepolicy.html; "You can't update the DeletionPolicy attribute by itself" in
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-direct.html
 */
function byCloudFormation({ object = 'STACK' }: OtherOwner, { kind }: HandedOver): Advice {
  const also = kind === 'role' ? ', and its policies (AWS::IAM::Policy, AWS::IAM::RolePolicy)' : '';
  return [
    `1. Write DeletionPolicy: Retain and UpdateReplacePolicy: Retain at ${TYPES[kind].cloudformation}${also} in the template, and update the stack. If CloudFormation finds nothing to update, also change the Metadata of the resource.`,
    '2. Check that the stack has it. Delete no stack and no resource of it before:',
    run`aws cloudformation get-template --stack-name ${object} --query TemplateBody`,
    '3. Only then remove the resource from the template, with its ARN in place of each Ref, GetAtt and output, and update the stack. CloudFormation then skips the deletion.',
  ];
}

/** Source: https://docs.aws.amazon.com/cdk/v2/guide/resources.html (removal policies, fromRoleArn) */
function byCdk({ object = 'STACK' }: OtherOwner, { kind }: HandedOver): Advice {
  return [
    `1. Call applyRemovalPolicy(RemovalPolicy.RETAIN) on the construct${kind === 'role' ? ' of the role and on those of its policies' : ''}, and run cdk deploy.`,
    '2. Check that the stack has DeletionPolicy: Retain. Delete no stack and no construct before:',
    run`aws cloudformation get-template --stack-name ${object} --query TemplateBody`,
    `3. Only then replace the construct${kind === 'role' ? ' by Role.fromRoleArn' : ' by a reference to the existing resource'}, and run cdk deploy.`,
  ];
}

/**
 * eksctl has no command that lets go of a role: `eksctl delete iamserviceaccount` deletes the stack with the role, and the service account.
 * Sources: eksctl-io/eksctl pkg/cfn/manager/iam.go (makeIAMServiceAccountStackName: `eksctl-<cluster>-addon-iamserviceaccount-<namespace>-<name>`),
 * pkg/cfn/manager/create_tasks.go and delete_tasks.go; https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html
 */
function byEksctl({ object }: OtherOwner, { kind }: HandedOver): Advice {
  const stack = object ?? 'STACK';
  const find =
    object === undefined
      ? [
          'Find its stack (STACK), eksctl-CLUSTER-addon-iamserviceaccount-NAMESPACE-NAME of the service account:',
          run`aws cloudformation list-stacks`,
        ]
      : [];
  return [
    'Do not run eksctl delete iamserviceaccount, eksctl update iamserviceaccount, eksctl utils migrate-to-pod-identity or eksctl delete cluster: each deletes or changes the resource.',
    ...find,
    '1. Save the template of its stack in a file:',
    run`aws cloudformation get-template --stack-name ${stack} --query TemplateBody --output json`,
    `2. Write "DeletionPolicy": "Retain" and "UpdateReplacePolicy": "Retain" at each resource of the file (${TYPES[kind].cloudformation} and its policies), and update the stack with it:`,
    run`aws cloudformation update-stack --stack-name ${stack} --template-body file://template.json --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM`,
    run`aws cloudformation wait stack-update-complete --stack-name ${stack}`,
    '3. Check that the stack has it (the first command again). Only then remove the entry from iam.serviceAccounts, iam.podIdentityAssociations or addons of the configuration file of eksctl. The stack can stay: it keeps the resource when it is deleted.',
  ];
}

/** Sources: https://docs.crossplane.io/latest/managed-resources/managed-resources/ (managementPolicies, deletionPolicy) */
function byCrossplane({ object = 'NAME' }: OtherOwner, { kind }: HandedOver): Advice {
  const type = TYPES[kind].crossplane;
  const also = kind === 'role' ? ', and in the RolePolicyAttachment and RolePolicy objects of the role' : '';
  return [
    `1. Where the managed resource ${inSentence(object)} (${type}) is written (git, or the Composition, which writes it again), set spec.managementPolicies: ["Observe"]${also}. Without management policies, set spec.deletionPolicy: Orphan, and go on at once: Crossplane still reverts changes.`,
    '2. Check that the cluster has it. Delete no claim, composite or managed resource before:',
    run`kubectl get managed -o custom-columns=KIND:.kind,NAME:.metadata.name,POLICIES:.spec.managementPolicies,DELETION:.spec.deletionPolicy`,
    '3. Only then delete the objects at their source. The resource stays in AWS.',
  ];
}

/** Source: https://aws-controllers-k8s.github.io/community/docs/user-docs/deletion-policy/ */
function byAck({ object = 'NAMESPACE' }: OtherOwner, { kind }: HandedOver): Advice {
  const type = TYPES[kind].ack;
  return [
    '1. Where the object of ACK is written (git), annotate it with services.k8s.aws/deletion-policy: retain.',
    '2. Check that the cluster has the annotation. Delete neither the object nor its namespace before:',
    run`kubectl -n ${object} get ${type} -o custom-columns=${'NAME:.metadata.name,DELETION:.metadata.annotations.services\\.k8s\\.aws/deletion-policy'}`,
    '3. Only then delete the object, at its source first, so that ACK no longer reverts changes. The resource stays in AWS.',
  ];
}

/**
 * Sources: https://www.pulumi.com/docs/iac/operations/stack-management/removing-resources-without-deleting-them/,
 * https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/
 */
function byPulumi({ object = 'STACK' }: OtherOwner, { kind }: HandedOver): Advice {
  const also = kind === 'role' ? ', and at those of its policies and attachments' : '';
  return [
    `1. Set retainOnDelete: true at the resource in the program${also}, remove protect, and run pulumi up.`,
    '2. Only then remove the resource from the program, and run pulumi up: Pulumi forgets the resource and keeps it in AWS.',
    'Or remove it from the program, and from the state with its URN (pulumi state delete URN) before the next pulumi up. The URNs:',
    run`pulumi stack --show-urns --stack ${object}`,
  ];
}

const HOW: Readonly<Record<OwnerTool, (owner: OtherOwner, what: HandedOver) => Advice>> = {
  terraform: (_, what) => byTerraform(what),
  cloudformation: byCloudFormation,
  cdk: byCdk,
  eksctl: byEksctl,
  crossplane: byCrossplane,
  ack: byAck,
  pulumi: byPulumi,
  other: () =>
    'Remove the resource from what that tool manages, without deleting the resource in AWS: first make sure that the tool keeps what it no longer has.',
};
