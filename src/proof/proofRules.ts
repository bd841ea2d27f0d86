/** The rules of the proof, by the name that failures carry, with the fix for a failure. */
export const PROOF_RULES = {
  'proof-path': {
    what: 'At each stage a new pod can assume the source role, and from it each target role.',
    hint: 'Fix the statement that the message names. podlift’s own statements follow from the stage table.',
  },
  'proof-new-pod': {
    what: 'At each stage the EKS webhook gives a new pod the credentials that the stage table promises.',
    hint: 'Make the association and the annotation agree with newPodUses in the stage table (docs/MIGRATION.md).',
  },
  'proof-step': {
    what: 'During each single step, in every order of its changes, each pod keeps its credentials. Gates guard the two expected losses.',
    hint: 'Add what the step relies on one stage earlier. Remove only what no pod uses any more.',
  },
  'proof-expected-loss': {
    what: 'The two expected losses occur where the stages expect them.',
    hint: 'Remove the statement that still trusts the old mode after the step: a kept statement, or one of podlift’s own.',
  },
  'proof-association': {
    what: 'The role of each association trusts pods.eks.amazonaws.com. EKS refuses the association otherwise.',
    hint: 'Add this trust one stage before the association.',
  },
  'proof-one-change': {
    what: 'Each step changes one kind of thing: trust policies, associations or annotations.',
    hint: 'Split the step: one apply makes its changes in any order.',
  },
  'proof-closed-mode': {
    what: 'At each stage the role refuses a mode that no pod can use.',
    hint: 'Remove the statement that the message names.',
  },
  'proof-attack': {
    what: 'No other identity gets a role, at any stage.',
    hint: 'Narrow the statement that the message names to the clusters, namespace and service account of this workload.',
  },
  'proof-shared-role': {
    what: 'The associations give a source role only to its own service account.',
    hint: 'Give each workload its own role.',
  },
} as const;

export type ProofRule = keyof typeof PROOF_RULES;
