/** Why a service account is left out, by the name that the report and JSON give it. */
export const LEFT_REASONS = {
  'in-inventory': 'The inventory has it already.',
  unanswered: 'A question about it was not answered: nothing is known, so nothing is guessed.',
  'bad-annotation': 'Its annotation does not name a role.',
  'two-roles': 'Its annotation and its association name different roles.',
  addon: 'It is an EKS add-on’s own: the add-on hands out its role, and the cluster’s `addons` takes it.',
  owned: 'Another service of AWS owns its association.',
  'other-account':
    'Its role is in another account: Pod Identity needs a role in the cluster’s account, and a target role.',
  'role-missing': 'The role that it names is not there.',
  'role-taken': 'Another workload of the inventory has its role.',
  'made-by-podlift': 'podlift made its role, from another inventory or from an entry that is gone.',
  'shared-role': 'Several service accounts share its role, and a workload has one of its own.',
  'wildcard-subject': 'Its role trusts service accounts by a pattern.',
  'association-target': 'Its association chains to a target role, which podlift would make itself.',
  'self-assuming': 'Its role may assume itself, which works otherwise with Pod Identity.',
  'trust-mixed': 'One statement of its role’s trust lets it in together with others.',
  'half-trust': 'Its role’s trust lets Pod Identity in by half.',
  'trust-form': 'Its role’s trust has what the inventory cannot say.',
  'not-let-in': 'Its role does not let it in.',
  'no-oidc-provider': 'IAM has no OIDC provider for the cluster that would vouch for its tokens.',
  compute: 'Its pods run where there is no Pod Identity, yet it has left IRSA.',
  'cluster-entry': 'The cluster’s entry in the inventory lacks what it needs.',
  'key-taken': 'No key is free for it.',
  'would-change': 'With the entry, podlift would change what stands in AWS.',
  proof: 'The proof would fail with its entry, and no stack would be written.',
  invalid: 'The inventory would have errors with it.',
} as const satisfies Record<string, string>;

export type LeftReason = keyof typeof LEFT_REASONS;
