import type { Role, TargetRole } from '../../blueprint/Blueprint';
import { type CredentialResult, podCredentials } from '../../sandbox/podCredentials';
import type { Pod, Sandbox } from '../../sandbox/startSandbox';

/** Whether something was obtained through the SDK; where it was not, what AWS said and which statement stood in the way. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** The roles of the workload that a pod belongs to. */
export interface WorkloadRoles {
  readonly source: Role;
  readonly targets: readonly TargetRole[];
}

/** What one pod obtained. */
export interface RolesAnswer {
  readonly source: Outcome;
  readonly targets: readonly { readonly target: string; readonly outcome: Outcome }[];
}

/** Lets the AWS SDK's default chain get a pod its workload's source role, and every target role from that. */
export async function askRoles(sandbox: Sandbox, pod: Pod, { source, targets }: WorkloadRoles): Promise<RolesAnswer> {
  // With Pod Identity EKS itself goes on to the chained target: the pod holds that role from the start.
  const chained = pod.uses === 'pod-identity' ? targets.find(({ via }) => via === 'association') : undefined;
  const asked = targets.filter((target) => target !== chained);
  const denialsBefore = sandbox.denials().length;
  const outcome = await podCredentials(pod, {
    endpoint: sandbox.endpoint,
    targets: asked.map(({ arn }) => ({ roleArn: arn })),
  });
  const explain = (message: string) =>
    [
      message,
      ...sandbox
        .denials()
        .slice(denialsBefore)
        .map(({ explanation }) => explanation),
    ].join('\n  ');
  const outcomeOf = (result: CredentialResult, expected: Role): Outcome => {
    if (!result.ok) return { ok: false, why: explain(`${result.error.code}: ${result.error.message}`) };
    return isSessionOf(result.arn, expected)
      ? { ok: true }
      : { ok: false, why: `the SDK obtained ${result.arn}, not a session of ${expected.arn}` };
  };
  return {
    source: outcomeOf(outcome.source, chained ?? source),
    targets: [
      ...(chained === undefined ? [] : [{ target: chained.target, outcome: outcomeOf(outcome.source, chained) }]),
      ...asked.map((target, index) => ({
        target: target.target,
        outcome: outcomeOf(outcome.targets[index] ?? NOT_ASKED, target),
      })),
    ],
  };
}

const NOT_ASKED = {
  ok: false,
  error: { code: 'NotAsked', message: 'without the source role there is nothing to ask with' },
} as const;

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`: a role's path is not part of its sessions' ARNs. */
function isSessionOf(arn: string, role: Role): boolean {
  const [, partition = '', , , account = ''] = role.arn.split(':');
  return arn.startsWith(`arn:${partition}:sts::${account}:assumed-role/${role.name}/`);
}
