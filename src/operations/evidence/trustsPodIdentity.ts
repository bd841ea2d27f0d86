import { identityStackName } from '../../inventory/stackNames';
import type { Workload } from '../../inventory/Inventory';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { applyCommands } from './applyCommands';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { deniedToPods } from '../../comparison/access';
import { named } from '../checks/named';
import { awsPlace } from './places';
import { clustersOf } from './workloadsOnClusters';

/**
 * The role as it stands in AWS lets EKS in for the workload's pods on each cluster, both actions, by an evaluation of its trust
 * policy. Without that, EKS refuses the association, and the provider does not try again.
 */
export const trustsPodIdentity: Check = (step, ports, now) =>
  Promise.all(
    step.workloads.map(async (workload) => {
      const { account, region } = step.environment;
      const question = {
        check: 'trusts-pod-identity',
        workload: workload.key,
        asked: `iam:GetRole ${workload.role.name}`,
        of: awsPlace(account, region),
      } as const;
      const answer = await ports.aws(account, region).role(workload.role.name);
      return judged(step, now, question, answer, (role) => judge(step, workload, role));
    }),
  );

function judge(step: Step, workload: Workload, role: RoleFacts | undefined): Verdict {
  const stack = identityStackName(step.environment.key);
  const remedy = ['Apply the stage that the inventory has:', ...applyCommands([stack])].join('\n');
  if (role === undefined) return { found: `there is no role ${workload.role.name}`, holds: 'no', remedy };
  const refused = clustersOf(step, workload).flatMap((cluster) =>
    (deniedToPods(role, step.environment, workload, cluster, 'pod-identity') ?? [])
      .map(({ action }) => action)
      .map((action) => `${action} for ${cluster.key}`),
  );
  if (refused.length === 0)
    return { found: 'sts:AssumeRole and sts:TagSession are allowed to pods.eks.amazonaws.com', holds: 'yes' };
  return { found: `refused to pods.eks.amazonaws.com: ${named(refused)}`, holds: 'no', remedy };
}
