import { isSessionOf } from '../blueprint/arns';
import type { Blueprint, Role, ServiceAccount, TargetRole } from '../blueprint/Blueprint';
import { STAGE_TABLE } from '../blueprint/stageTable';
import type { Stage } from '../inventory/Inventory';
import { type CredentialResult, podCredentials } from '../sandbox/podCredentials';
import type { Pod, Sandbox } from '../sandbox/startSandbox';
import { clusterRef } from './applyServiceAccounts';

/** Whether a pod got a role through the SDK; else the answer of AWS and the statement that decided. */
export type RoleAnswer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The roles of a workload. */
export interface WorkloadRoles {
  readonly source: Role;
  readonly targets: readonly TargetRole[];
}

/** What one pod got. */
export interface RoleAnswers {
  readonly source: RoleAnswer;
  readonly targets: readonly { readonly target: string; readonly answer: RoleAnswer }[];
}

/** What a new pod of one service account of a workload on one cluster gets. */
export interface PodAnswer extends RoleAnswers {
  readonly workload: string;
  readonly environment: string;
  readonly cluster: string;
  /** `argocd/argocd-server`: which service account of a workload that has several. Absent: the workload has one. */
  readonly serviceAccount?: string;
  readonly stage: Stage;
  readonly uses: Pod['uses'];
  /** The pod uses the credentials of its stage. */
  readonly asPromised: boolean;
}

/** True when the pod got everything that the inventory promises. */
export function gotAll({ asPromised, source, targets }: PodAnswer): boolean {
  return asPromised && source.ok && targets.every(({ answer }) => answer.ok);
}

/**
 * Creates a pod for each service account of each workload on each of its clusters, as the EKS webhook admits it now. The AWS SDK's default chain of each pod asks for
 * its source role and every target role. Calls `onAnswer` after each pod.
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

async function askPod(sandbox: Sandbox, blueprint: Blueprint, account: ServiceAccount): Promise<PodAnswer> {
  const { workload, cluster, namespace, name } = account;
  const roles = rolesOf(blueprint, workload);
  const { stage } = roles.source;
  const isAlone = blueprint.serviceAccounts.every(
    (one) => one.workload !== workload || (one.namespace === namespace && one.name === name),
  );
  const pod = sandbox.kubernetes.admitPod({ cluster: clusterRef(blueprint, account), namespace, serviceAccount: name });
  return {
    workload,
    environment: blueprint.environment,
    cluster,
    ...(!isAlone && { serviceAccount: `${namespace}/${name}` }),
    stage,
    uses: pod.uses,
    asPromised: pod.uses === STAGE_TABLE[stage].newPodUses,
    ...(await askRoles(sandbox, pod, roles)),
  };
}

/** The roles of a workload that has a service account in the blueprint. */
export function rolesOf({ roles, targetRoles }: Blueprint, workload: string): WorkloadRoles {
  const source = roles.find((role) => role.workload === workload);
  if (source === undefined) throw new Error(`the blueprint has a service account but no role for "${workload}"`);
  return { source, targets: targetRoles.filter((role) => role.workload === workload) };
}

/** Lets the AWS SDK's default chain get a pod its workload's source role, and every target role from that. */
export async function askRoles(sandbox: Sandbox, pod: Pod, { source, targets }: WorkloadRoles): Promise<RoleAnswers> {
  // With Pod Identity, EKS itself assumes the chained target: the pod has that role from the start.
  const chained = pod.uses === 'pod-identity' ? targets.find(({ via }) => via === 'association') : undefined;
  const asked = targets.filter((target) => target !== chained);
  const denialsBefore = sandbox.denials().length;
  const got = await podCredentials(pod, {
    endpoint: sandbox.endpoint,
    targets: asked.map(({ arn }) => ({ roleArn: arn })),
  });
  const answerOf = (result: CredentialResult, expected: Role): RoleAnswer => {
    if (result.ok && isSessionOf(result.arn, expected)) return { ok: true };
    if (result.ok) return { ok: false, reason: `the SDK got ${result.arn}, not a session of ${expected.arn}` };
    const decisions = sandbox.denials().slice(denialsBefore);
    const { code, message } = result.error;
    return {
      ok: false,
      reason: [`${code}: ${message}`, ...decisions.map(({ explanation }) => explanation)].join('\n  '),
    };
  };
  return {
    source: answerOf(got.source, chained ?? source),
    targets: [
      ...(chained === undefined ? [] : [{ target: chained.target, answer: answerOf(got.source, chained) }]),
      ...asked.map((target, index) => ({
        target: target.target,
        answer: answerOf(got.targets[index] ?? NOT_ASKED, target),
      })),
    ],
  };
}

const NOT_ASKED = {
  ok: false,
  error: { code: 'NotAsked', message: 'a target role can be assumed only with the source role' },
} as const;
