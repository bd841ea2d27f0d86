import type { Blueprint, ServiceAccount } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Sandbox } from '../../sandbox/startSandbox';
import { askRoles } from '../pods/askRoles';
import type { PodAnswer } from './PodAnswer';

/**
 * Creates a pod for each workload on each of its clusters, as the EKS webhook would admit it now, and lets the AWS SDK's default
 * chain get it its source role and every target role. Calls `onAnswer` as each pod has answered.
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
  { workload, cluster, clusterName, region, namespace, name }: ServiceAccount,
): Promise<PodAnswer> {
  const role = blueprint.roles.find((candidate) => candidate.workload === workload);
  if (role === undefined) throw new Error(`the blueprint has a service account but no role for "${workload}"`);
  const ref = { account: blueprint.account.id, region, name: clusterName };
  const pod = sandbox.kubernetes.admitPod({ cluster: ref, namespace, serviceAccount: name });
  const targets = blueprint.targetRoles.filter((candidate) => candidate.workload === workload);
  return {
    workload,
    environment: blueprint.environment,
    cluster,
    stage: role.stage,
    uses: pod.uses,
    asPromised: pod.uses === STAGE_TABLE[role.stage].newPodUses,
    ...(await askRoles(sandbox, pod, { source: role, targets })),
  };
}
