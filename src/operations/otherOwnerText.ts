import type { OtherOwner } from '../comparison/otherOwner';
import { inSentence } from '../inventory/printable';
import { say } from './remedies';
import type { RemedyStep } from '../estate/Remedy';

const EFFECT: Readonly<Record<OtherOwner['reverts'], string>> = {
  always: 'it sets what podlift changes again within minutes, and pods lose their credentials',
  'on-change': 'its next update can set what podlift changes again, and the removal of its stack deletes the resource',
};

/** Which tool owns a resource, and what follows. `what`: `the role orders-api`. */
export function ownedText(what: string, { name, reverts }: OtherOwner): string {
  return `${what} belongs to ${inSentence(name)}: ${EFFECT[reverts]}`;
}

/** How the tool lets go of the resource. */
export function letGo({ name, tags }: OtherOwner): readonly RemedyStep[] {
  const [tool = ''] = name.split(' ');
  return [
    say(
      HOW[tool] ??
        'Remove the resource from the state of that tool, without deleting the resource in AWS (Terraform: a removed block with destroy = false).',
    ),
    say(
      `Then remove these tags from the resource and from its entry in the inventory: ${
        tags
          .filter((key) => !key.startsWith('aws:'))
          .map(inSentence)
          .join(', ') || 'none that you can remove'
      }.`,
    ),
  ];
}

const STACK =
  'Set DeletionPolicy: Retain for the resource in the stack, update the stack, then remove the resource from its template. Delete no stack before that.';

/**
 * Sources: https://docs.crossplane.io/latest/managed-resources/managed-resources/ (managementPolicies),
 * https://aws-controllers-k8s.github.io/community/docs/user-docs/deletion-policy/,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const HOW: Readonly<Record<string, string>> = {
  Crossplane: 'Set managementPolicies: [Observe] in the managed resource: Crossplane then changes and deletes nothing.',
  ACK: 'Annotate the object of ACK with services.k8s.aws/deletion-policy: retain, then delete the object.',
  eksctl: STACK,
  CloudFormation: STACK,
  Pulumi: 'Remove the resource from the state: pulumi state delete, with the URN of the resource.',
};
