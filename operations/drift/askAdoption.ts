import { identityStackName } from '../../inventory/stackNames';
import type { Workload } from '../../inventory/Inventory';
import { isApplied, stageProblem, stageWords, standsAt } from '../evidence/adoption';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../Ports';
import type { Difference } from './Difference';
import { clustersOf, type Scope } from './Scope';

/**
 * Asks whether an adopted role that no apply has touched yet stands at the stage that its entry claims. Nothing where the role, or an
 * association, is not known: the questions about these say so.
 */
export function askAdoption(scope: Scope, ports: Ports, workload: Workload): readonly Promise<readonly Difference[]>[] {
  return workload.role.adopt ? [adoption(scope, ports, workload)] : [];
}

async function adoption(scope: Scope, ports: Ports, workload: Workload): Promise<readonly Difference[]> {
  const { environment, blueprint } = scope;
  const { account, region } = environment;
  const { namespace, serviceAccount, role } = workload;
  const answer = await ports.aws(account, region).role(role.name);
  if (!answer.ok || answer.value === undefined || isApplied(answer.value.tags)) return [];
  const clusters = clustersOf(scope, workload);
  const associations = await Promise.all(
    clusters.map((cluster) =>
      ports.aws(account, cluster.region).associations(cluster.name, namespace, serviceAccount.name),
    ),
  );
  if (associations.some(({ ok }) => !ok)) return [];
  const found = associations.map((one) => (one.ok ? one.value : []));
  const stands = standsAt(environment, workload, clusters, answer.value, found);
  const problem = stageProblem(workload, stands);
  if (problem === undefined) return [];
  const { claimed, there, remedy } = stageWords(workload, problem, stands);
  return [
    {
      kind: 'found',
      holds: 'no',
      environment: environment.key,
      workload: workload.key,
      where: blueprint.roles.find((one) => one.workload === workload.key)?.arn ?? role.name,
      asked: `iam:GetRole ${role.name}`,
      of: awsPlace(account, region),
      expected: claimed,
      found: there,
      effect: 'the first apply would remove what running pods still use',
      remedy,
      blocksApply: [identityStackName(environment.key)],
    },
  ];
}

/** Where an apply would cost running pods their role, no other difference advises one of that stack: stacks are applied whole. */
export function withoutApply(differences: readonly Difference[]): readonly Difference[] {
  const blocked = new Set(differences.flatMap(({ blocksApply = [] }) => blocksApply));
  if (blocked.size === 0) return differences;
  return differences.map((one) => {
    const stacks = (one.apply ?? []).filter((stack) => blocked.has(stack));
    if (stacks.length === 0) return one;
    const rest = {
      ...one,
      remedy: `Do not apply ${stacks.join(', ')} yet: fix the stage of the adopted role first, then run drift again.`,
    };
    Reflect.deleteProperty(rest, 'apply');
    Reflect.deleteProperty(rest, 'appliedAt');
    return rest;
  });
}
