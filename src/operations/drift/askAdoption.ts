import { identityStackName } from '../../inventory/stackNames';
import type { Workload } from '../../inventory/Inventory';
import { isApplied, stageProblem, stageWords, standsAt } from '../evidence/adoption';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../../estate/Ports';
import type { Difference } from './Difference';
import { clustersOf, type Scope } from './Scope';

/**
 * Asks whether an adopted role stands at the stage that its entry claims, or one step from it. Nothing where the role, or an
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
  if (!answer.ok || answer.value === undefined) return [];
  const clusters = clustersOf(scope, workload);
  const associations = await Promise.all(
    clusters.map((cluster) =>
      ports
        .aws(account, cluster.region)
        .associations(cluster.name, [{ namespace, serviceAccount: serviceAccount.name }]),
    ),
  );
  if (associations.some(({ ok }) => !ok)) return [];
  const found = associations.map((one) => (one.ok ? one.value : []));
  const stands = standsAt(environment, workload, clusters, answer.value, found);
  const problem = stageProblem(workload, stands, isApplied(answer.value.tags));
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
      found: `the role is ${there}`,
      effect: 'an apply removes what running pods still use',
      remedy,
      blocksApply: [identityStackName(environment.key)],
    },
  ];
}

/**
 * Where an apply would cost running pods their role, no other difference advises one of that stack (stacks are applied whole), nor any other
 * change of that workload: its stage is to be corrected first.
 */
export function withoutApply(differences: readonly Difference[]): readonly Difference[] {
  const blocking = differences.filter(({ blocksApply }) => blocksApply !== undefined);
  const blocked = new Set(blocking.flatMap(({ blocksApply = [] }) => blocksApply));
  const isOfBlocked = (one: Difference) =>
    blocking.some(({ environment, workload }) => environment === one.environment && workload === one.workload);
  return differences.map((one) => {
    const stacks = (one.apply ?? []).filter((stack) => blocked.has(stack));
    if (one.blocksApply !== undefined || one.holds === 'unknown' || (stacks.length === 0 && !isOfBlocked(one)))
      return one;
    const rest = { ...one, remedy: 'Correct the stage of the adopted role first, then run drift again.' };
    Reflect.deleteProperty(rest, 'apply');
    Reflect.deleteProperty(rest, 'appliedAt');
    return rest;
  });
}
