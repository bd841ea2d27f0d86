/** The statement can be for others too: if it is removed as a whole, they lose the role. */
const NOT_FOR_THE_WORKLOAD =
  'Remove the workload from the statement that the message names: podlift writes the statements for the workload. Remove the whole statement only if nobody else uses it.';

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
    hint: NOT_FOR_THE_WORKLOAD,
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
    hint: NOT_FOR_THE_WORKLOAD,
  },
  'proof-attack': {
    what: 'No other identity gets a role, at any stage.',
    hint: 'Find out who uses the role (CloudTrail). Then name exactly these callers in the statement that the message names (docs/PROOF.md). All others lose the role.',
  },
  'proof-pattern': {
    what: 'Who gets a role by a pattern of `subjects`: a note for each workload that has one.',
    hint: 'Check who can create service accounts with such names. To admit fewer, narrow the pattern in `subjects`.',
  },
  'proof-shared-role': {
    what: 'The associations give a source role only to its own service account.',
    hint: 'Give each workload its own role.',
  },
} as const;

export type ProofRule = keyof typeof PROOF_RULES;
