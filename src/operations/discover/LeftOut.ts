import type { Remedy, RemedyStep } from '../../estate/Remedy';
import { accountText, say } from '../remedies';

/** Why a service account is left out, by the name that the report and JSON give it. docs/DISCOVER.md has a section for each. */
export const LEFT_REASONS = {
  'in-inventory': 'The inventory already has the service account.',
  unanswered: 'A question about the role has no answer, and podlift does not guess.',
  'bad-annotation': 'The annotation does not name a role.',
  'two-roles': 'The annotation and the association name different roles.',
  addon: 'The service account belongs to an EKS add-on, which needs an entry in `addons` of the cluster.',
  owned: 'Another AWS service owns the association.',
  'other-account': 'The role is in another account: Pod Identity needs a role in the account of the cluster.',
  'role-missing': 'The role does not exist.',
  'role-taken': 'Another workload of the inventory has the role.',
  'made-by-podlift': 'podlift created the role, from another inventory or from an entry that was removed.',
  'shared-role': 'Several service accounts can assume the role, and a workload has a role of its own.',
  'wildcard-subject': 'The trust policy allows service accounts by a pattern.',
  'association-target': 'The association has a target role, and podlift creates target roles itself.',
  'self-assuming': 'The role can assume itself, which needs more permissions with Pod Identity.',
  'trust-mixed': 'One statement of the trust policy allows the service account together with others.',
  'half-trust': 'The trust policy allows Pod Identity only one of two actions.',
  'trust-form': 'The trust policy has something that the inventory cannot have.',
  'not-let-in': 'The service account cannot assume the role that it names.',
  'no-oidc-provider': 'IAM has no OIDC provider that accepts the tokens of the cluster.',
  compute: 'The pods run where Pod Identity does not work, and the service account is past irsa.',
  'cluster-entry': 'The entry of the cluster lacks a field that the workload needs.',
  'key-taken': 'Every key for the entry is taken.',
  'would-change': 'With the entry, podlift would change what is in AWS.',
  proof: 'The proof fails with the entry, and no stack would be written.',
  invalid: 'The inventory would have an error with the entry.',
} as const satisfies Record<string, string>;

export type LeftReason = keyof typeof LEFT_REASONS;

/** The reason to leave a service account out, and what to do. */
export interface Exclusion {
  readonly reason: LeftReason;
  readonly message: string;
  readonly remedy: Remedy;
  /** Entries for the inventory, as YAML. */
  readonly snippet?: string;
  /** The entry and the service account agree: there is nothing to do. */
  readonly agrees?: true;
}

/** A service account that is not proposed. */
export interface LeftOut extends Exclusion {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** The section of the documentation that has the steps. */
  readonly docs: string;
}

/** A reason with its remedy: sentences and commands in order. */
export function leave(reason: LeftReason, message: string, ...steps: readonly (string | RemedyStep)[]): Exclusion {
  return { reason, message, remedy: steps.map((step) => (typeof step === 'string' ? say(step) : step)) };
}

/** A service account that is left out for a reason. */
export function leftOut(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  reason: Exclusion,
): LeftOut {
  return { namespace, serviceAccount: name, ...reason, docs: `docs/DISCOVER.md#${reason.reason}` };
}

/** A command that needs credentials of an account, which the step names: with others it would read or change something else. */
export function withCredentials(
  account: { readonly key?: string; readonly id: string },
  ...run: readonly string[]
): RemedyStep {
  return { run, account: accountText(account) };
}
