import type { Stage } from '../../inventory/Inventory';
import type { CheckName } from '../evidence/CheckName';

/** A condition of a step, in the words of docs/MIGRATION.md, and the check that asks for its evidence. */
export interface Condition {
  readonly condition: string;
  readonly check: CheckName;
}

/** What is asked for before a wave leaves a stage forward; `pod-identity` is the last one. */
export const FORWARD: Readonly<Record<Exclude<Stage, 'pod-identity'>, readonly Condition[]>> = {
  irsa: [
    { condition: 'cluster version and platform', check: 'cluster-version' },
    { condition: 'compute that can move', check: 'compute' },
    { condition: 'SDK new enough', check: 'sdk' },
    { condition: 'agent built in, or the add-on `ACTIVE` (or in this plan)', check: 'agent-available' },
    { condition: 'IRSA role exists with the trust expected', check: 'role-agrees' },
    {
      condition: 'no hard-coded `AWS_ROLE_ARN`/`AWS_WEB_IDENTITY_TOKEN_FILE` in the pods',
      check: 'hard-coded-env',
    },
    { condition: 'trust policy within quota', check: 'trust-length' },
  ],
  prepared: [
    { condition: 'the role in AWS trusts `pods.eks.amazonaws.com` already', check: 'trusts-pod-identity' },
    { condition: 'the agent is `ACTIVE` and on every node that runs the workload', check: 'agent-on-nodes' },
    { condition: 'no association of someone else’s on that service account', check: 'association-agrees' },
  ],
  dual: [
    { condition: 'the association in AWS names this role', check: 'association-agrees' },
    {
      condition:
        'every running pod of the service account carries the container-credentials env; pods that do not are listed with the command that restarts them',
      check: 'pods-restarted',
    },
  ],
  cutover: [
    { condition: 'the stage has lasted at least the wave’s `soak`', check: 'soak' },
    {
      condition: 'no `AssumeRoleWithWebIdentity` for the role in CloudTrail since the stage began',
      check: 'web-identity-unused',
    },
    { condition: 'the role was used', check: 'role-used' },
    { condition: 'the annotation is gone', check: 'annotation-agrees' },
    { condition: 'every running pod holds Pod Identity still', check: 'pods-restarted' },
  ],
};

/** What is asked for before any step back. */
export const BACK: readonly Condition[] = [
  { condition: 'what the step would take from running pods, and the restart that it needs', check: 'restart-needed' },
];

/** What is asked for before every step. */
export const ALWAYS: readonly Condition[] = [
  { condition: 'waves keep their order', check: 'wave-order' },
  { condition: 'each kubeconfig context leads to its cluster', check: 'cluster-identity' },
  { condition: 'AWS agrees with the stage that the inventory now claims: roles', check: 'role-agrees' },
  { condition: 'AWS agrees with the stage that the inventory now claims: associations', check: 'association-agrees' },
  { condition: 'AWS agrees with the stage that the inventory now claims: annotations', check: 'annotation-agrees' },
  {
    condition:
      'an adopted role is at most one step from its stage; before its first apply, at the stage `found`, and the entry lists what stands on it',
    check: 'adoption',
  },
];

/** The checks of the step that leaves a stage, each once, in the order of the tables. */
export function checksOf(from: Stage, direction: 'forward' | 'back'): readonly CheckName[] {
  const own = direction === 'back' ? BACK : from === 'pod-identity' ? [] : FORWARD[from];
  return [...new Set([...own, ...ALWAYS].map(({ check }) => check))];
}
