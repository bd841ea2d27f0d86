import type { Blueprint, Role, ServiceAccount } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { type CredentialResult, podCredentials } from '../../sandbox/podCredentials';
import type { Sandbox } from '../../sandbox/startSandbox';
import type { Outcome, PodAnswer } from './PodAnswer';

/**
 * Creates a pod for each workload on each of its clusters, as the EKS webhook would admit it now, and lets the AWS SDK's default
 * chain get it its source role and every target role. Service accounts get the annotations that the blueprint asks for, which
 * Terraform or GitOps would have written. Calls `onAnswer` as each pod has answered.
 */
export async function askPods(
  sandbox: Sandbox,
  blueprints: readonly Blueprint[],
  onAnswer: (answer: PodAnswer) => void = () => undefined,
): Promise<PodAnswer[]> {
  const answers: PodAnswer[] = [];
  for (const blueprint of blueprints)
    for (const serviceAccount of blueprint.serviceAccounts) {
      const answer = await askPod(sandbox, blueprint, serviceAccount);
      onAnswer(answer);
      answers.push(answer);
    }
  return answers;
}

async function askPod(
  sandbox: Sandbox,
  blueprint: Blueprint,
  { workload, cluster, clusterName, region, namespace, name, annotations }: ServiceAccount,
): Promise<PodAnswer> {
  const role = blueprint.roles.find((candidate) => candidate.workload === workload);
  if (role === undefined) throw new Error(`the blueprint has a service account but no role for "${workload}"`);
  const ref = { account: blueprint.account.id, region, name: clusterName };
  sandbox.kubernetes.setServiceAccount({ cluster: ref, namespace, name, annotations });
  const pod = sandbox.kubernetes.admitPod({ cluster: ref, namespace, serviceAccount: name });

  const targetRoles = blueprint.targetRoles.filter((candidate) => candidate.workload === workload);
  // With Pod Identity EKS itself goes on to the chained target: the pod holds that role from the start.
  const chained = pod.uses === 'pod-identity' ? targetRoles.find(({ via }) => via === 'association') : undefined;
  const asked = targetRoles.filter((target) => target !== chained);
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
    workload,
    environment: blueprint.environment,
    cluster,
    stage: role.stage,
    uses: pod.uses,
    asPromised: pod.uses === STAGE_TABLE[role.stage].newPodUses,
    source: outcomeOf(outcome.source, chained ?? role),
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
