import type { Stage } from '../../inventory/Inventory';
import { CHECK_NAMES, CHECK_TABLE, type GateCheckName } from '../checks/checkTable';

/** A condition of a step, in the words of docs/MIGRATION.md, and its check. */
export interface Condition {
  readonly condition: string;
  readonly check: GateCheckName;
}

/** What is asked for before a wave leaves a stage forward; `pod-identity` is the last one. */
export const FORWARD: Readonly<Record<Exclude<Stage, 'pod-identity'>, readonly Condition[]>> = {
  irsa: [
    { condition: 'cluster version and platform', check: 'cluster' },
    { condition: 'compute that can move', check: 'compute' },
    { condition: 'SDK new enough', check: 'sdk' },
    { condition: 'agent built in, or the add-on `ACTIVE` (or in this plan)', check: 'agent' },
    { condition: 'IRSA role exists', check: 'role' },
    { condition: 'IRSA role has the expected trust policy', check: 'trust' },
    {
      condition: 'no hard-coded `AWS_ROLE_ARN`/`AWS_WEB_IDENTITY_TOKEN_FILE` in the pods',
      check: 'credential-chain',
    },
    { condition: 'trust policy within quota', check: 'trust-length' },
  ],
  prepared: [
    { condition: 'the role in AWS already trusts `pods.eks.amazonaws.com`', check: 'trust' },
    { condition: 'the agent is `ACTIVE`', check: 'agent' },
    { condition: 'no pod runs where no agent can run', check: 'compute' },
    { condition: 'the agent is ready on every node that runs the workload', check: 'agent-on-nodes' },
    { condition: 'the service account has no association of another team or tool', check: 'association' },
    {
      condition:
        'every running pod has the variables of IRSA; a pod restarted too early after a rollback still waits for Pod Identity',
      check: 'pod-credentials',
    },
    {
      condition: 'EKS Auth throttled no request in the last hour, and not too many pods are restarted at once',
      check: 'eks-auth-rate',
    },
  ],
  dual: [
    { condition: 'the association in AWS names this role', check: 'association' },
    {
      condition:
        'every running pod of the service account has the variables of Pod Identity; the remedy restarts those that do not',
      check: 'pod-credentials',
    },
    {
      condition:
        'nobody else reads the annotation: no `AssumeRoleWithWebIdentity` for the role in CloudTrail in the last 24 hours, or in the wave’s `soak` if that is longer',
      check: 'annotation-readers',
    },
    { condition: 'the role was used through Pod Identity on each cluster', check: 'role-used' },
    {
      condition:
        'a workload with service accounts by pattern gives the reason to leave `dual` (`because`), and `expanded` has each account that a pattern admits',
      check: 'expanded-accounts',
    },
    {
      condition: 'EKS Auth throttled no request in the last hour, and not too many pods are restarted at once',
      check: 'eks-auth-rate',
    },
  ],
  cutover: [
    {
      condition: 'the stage has lasted at least the wave’s `soak`, since AWS and the clusters had it',
      check: 'soak',
    },
    {
      condition:
        'no `AssumeRoleWithWebIdentity` for the role in CloudTrail since the stage began, or for the wave’s `soak`',
      check: 'web-identity-unused',
    },
    { condition: 'the role was used through Pod Identity on each cluster', check: 'role-used' },
    { condition: 'the annotation is gone', check: 'annotation' },
    { condition: 'every running pod still has the variables of Pod Identity', check: 'pod-credentials' },
  ],
};

/** What is asked for before any step back. */
export const BACK: readonly Condition[] = [
  { condition: 'whether running pods lose their credentials, and the restart that they need', check: 'restart-needed' },
];

/** What is asked for before every step. */
export const ALWAYS: readonly Condition[] = [
  { condition: 'waves keep their order', check: 'wave-order' },
  { condition: 'each kubeconfig context leads to its cluster', check: 'cluster' },
  { condition: 'the roles in AWS match the stage in the inventory', check: 'role' },
  { condition: 'the trust policies in AWS match the stage in the inventory', check: 'trust' },
  { condition: 'the associations in AWS match the stage in the inventory', check: 'association' },
  { condition: 'the annotations on the clusters match the stage in the inventory', check: 'annotation' },
  {
    condition:
      'an adopted role is at most one step from its stage; before its first apply, at the stage `found`, and the entry lists what is on the role',
    check: 'adoption',
  },
];

/** What is asked for before every step beside the conditions of `ALWAYS`, in the words of docs/MIGRATION.md; `checksOfDoctor` has the checks. */
export const EVERY_STEP = 'each check of the doctor that can fail at the stage to which the step leads';

/**
 * The checks of the doctor that can fail after a step: each check judges the stage to which the step leads. Before a step back these are only the
 * checks of what pods get back.
 */
export function checksOfDoctor(direction: 'forward' | 'back'): readonly GateCheckName[] {
  return CHECK_NAMES.filter((name): name is GateCheckName => {
    const { doctor, gate, onlyWith } = CHECK_TABLE[name];
    if (onlyWith !== undefined) return false;
    return doctor !== undefined && gate !== undefined && (direction === 'forward' || ('back' in gate && gate.back));
  });
}

/**
 * The checks of the step that leaves a stage, each once: those of the tables in their order, then those of the doctor. `admission`: also the check
 * that needs the option of this name.
 */
export function checksOf(from: Stage, direction: 'forward' | 'back', admission = false): readonly GateCheckName[] {
  const own = direction === 'back' ? BACK : from === 'pod-identity' ? [] : FORWARD[from];
  const asked: readonly GateCheckName[] = admission ? ['admission'] : [];
  return [...new Set([...[...own, ...ALWAYS].map(({ check }) => check), ...checksOfDoctor(direction), ...asked])];
}
