import { isApplied, stageProblem, stageWords, standsAt } from '../evidence/adoption';
import type { Facts } from './Facts';
import type { Patient } from './Patient';

/** What is wrong with the stage of an adopted role, in words; nothing where it is right, or not known. */
export function adoptionProblem(
  { environment, workload, cluster }: Patient,
  { source, association }: Facts,
): ReturnType<typeof stageWords> | undefined {
  const { role } = source;
  if (!workload.role.adopt || !role.ok || role.value === undefined || !association.ok) return undefined;
  const associations = association.value === undefined ? [] : [association.value];
  const stands = standsAt(environment, workload, [cluster], role.value, [associations]);
  const problem = stageProblem(workload, stands, isApplied(role.value.tags));
  return problem === undefined ? undefined : stageWords(workload, problem, stands);
}
