import type { Remedy, RemedyStep } from '../../estate/Remedy';
import type { DecidingCondition } from '../../iam/Decision';
import { dependsText } from '../../iam/explain';
import { say } from '../remedies';

/**
 * The reasons to leave a service account out, by the names that the report and JSON give them, with what to do where that is always the same.
 * docs/DISCOVER.md has a section for each, with the steps.
 */
export const LEFT_REASONS = {
  'in-inventory': '',
  unanswered: '',
  'bad-annotation': 'Write the whole ARN of the role with its path, or remove the annotation.',
  'two-roles':
    'New pods use the role of the association. Change the annotation and the association to the role that the pods need.',
  addon: 'Write the entries below into the inventory, all at once: podlift adopts the add-on with all its roles.',
  owned: 'Leave the association to its owner, which would change it back.',
  'other-account': '',
  'role-missing': 'The pods get no credentials. Create the role, or remove the annotation or the association.',
  'role-taken': '',
  'made-by-podlift':
    'Keep the role in one inventory only: write its entry back, or release it in the other inventory (released: true, then apply) and remove its podlift: tags.',
  'shared-role': '',
  'association-target':
    'Write the workload by hand, with a target of that account, `via: association` and the permissions of the target role. Follow the steps of the documentation: for a short time there is no association.',
  'self-assuming':
    'Configure the app to use its credentials without assuming the role again. Then change the trust policy so that it no longer allows the role itself. A statement that allows others too must stay for them.',
  'trust-mixed': 'Write one statement for each principal.',
  'half-trust': '',
  'trust-form': 'Update the trust policy: the same statements, without what is named above.',
  'not-let-in': '',
  'could-not-be-checked':
    'Leave the service account, the role and its trust policy as they are. Compare the conditions with the requests of the pods in CloudTrail. If the pods use the role, write the entry by hand, with the reason (because) in each of these statements.',
  'no-oidc-provider': '',
  compute: 'Move the pods to Linux nodes, or go back to IRSA: no association, and no trust of pods.eks.amazonaws.com.',
  'cluster-entry': '',
  'key-taken': 'Write the entry by hand, under another key.',
  'would-change': 'Write the entry by hand, and read the plan before you apply it.',
  proof: '',
  invalid: 'Change the part that is named above in AWS, or write the entry by hand.',
} as const satisfies Record<string, string>;

export type LeftReason = keyof typeof LEFT_REASONS;

/** A service account that is not proposed. */
export interface LeftOut {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly reason: LeftReason;
  readonly message: string;
  /** What to do; empty: nothing. */
  readonly remedy: Remedy;
  /** Entries for the inventory, as YAML. */
  readonly snippet?: string;
  /** The entry and the service account agree: there is nothing to do. */
  readonly agrees?: true;
  /** The conditions of the trust policy that podlift cannot evaluate, and that decide. */
  readonly dependsOn?: readonly DecidingCondition[];
  /** The section of the documentation that has the steps. */
  readonly docs: string;
}

/** Leaves a service account out. `steps`: sentences and commands. Default: what is always to do for the reason. */
export function leave(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  reason: LeftReason,
  message: string,
  ...steps: readonly (string | RemedyStep)[]
): LeftOut {
  const all = steps.length > 0 || LEFT_REASONS[reason] === '' ? steps : [LEFT_REASONS[reason]];
  const remedy = all.map((step) => (typeof step === 'string' ? say(step) : step));
  return { namespace, serviceAccount: name, reason, message, remedy, docs: `docs/DISCOVER.md#${reason}` };
}

/**
 * Leaves a service account out since podlift cannot tell what IAM answers to its pods. Its pods can have the role: nothing is to be removed.
 *
 * @param question what the conditions decide: `whether …`
 */
export function leaveOpen(
  account: { readonly namespace: string; readonly name: string },
  question: string,
  dependsOn: readonly DecidingCondition[],
): LeftOut {
  const message = `could not be checked: ${dependsText(dependsOn)} (${question})`;
  return { ...leave(account, 'could-not-be-checked', message), dependsOn };
}
