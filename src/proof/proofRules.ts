/** What the proof asks, and what to do where it fails. The keys are the names of the rules of failures. */
export const PROOF_RULES = {
  'proof-path': {
    what: 'At each stage a new pod gets the source role, and from it each target role.',
    hint: 'Mend the statement that is named; podlift’s own statements follow from the stage table.',
  },
  'proof-new-pod': {
    what: 'At each stage the webhook gives a new pod what the stage table promises.',
    hint: 'Association and annotation must agree with newPodUses in the stage table (docs/MIGRATION.md).',
  },
  'proof-step': {
    what: 'During each single step, in whatever order its changes arrive, every pod keeps what it holds; two losses are known and gated.',
    hint: 'What the step adds must stand a stage before what relies on it, and what it takes away must have no user left.',
  },
  'proof-expected-loss': {
    what: 'The two known losses are found where they are expected.',
    hint: 'The step leaves open what it is there to close: look for a statement, kept or podlift’s own, that goes on trusting the old mode.',
  },
  'proof-association': {
    what: 'Wherever an association stands, its role trusts pods.eks.amazonaws.com: EKS refuses the association otherwise.',
    hint: 'The trust must be there a stage before the association.',
  },
  'proof-one-change': {
    what: 'Each step changes one kind of thing: trust policies, associations or annotations.',
    hint: 'Split the step: the order of changes within one apply is not ours to choose.',
  },
  'proof-closed-mode': {
    what: 'At each stage a mode that no pod can hold any more, or yet, is closed.',
    hint: 'Remove the statement that is named, or let a stage need it.',
  },
  'proof-attack': {
    what: 'Nobody else gets a role, at any stage.',
    hint: 'Narrow the statement that is named to this workload’s clusters, namespace and service account.',
  },
  'proof-shared-role': {
    what: 'The associations give a source role to its own service account and to nobody else.',
    hint: 'Give each workload a role of its own.',
  },
} as const;

export type ProofRule = keyof typeof PROOF_RULES;
