import type { Role, TargetRole } from '../../blueprint/Blueprint';
import { standingOf } from '../../comparison/adoption';
import { appliedBefore, compareRole, isApplied } from '../../comparison/role';
import { ask, need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { existedBefore } from '../../inventory/Inventory';
import { type Advice, applyStacks, aws, stacks } from '../remedies';
import { adoptionResult, trustAt } from './adoption';
import {
  applyStage,
  type CheckFunction,
  type CheckResult,
  isBack,
  note,
  pass,
  problem,
  podsOf,
  type WorkloadOnCluster,
} from './Check';
import { roleQuestion } from './rolePermissions';

/**
 * The workload's role exists, under the path that the inventory says, and an adopted or external role is at the stage of its entry. Before a step, its
 * target roles exist as well; the check `trust` finds out whether they are at the stage that the step leaves.
 */
export const role: CheckFunction = (subject) => {
  const { environment, workload, cluster, parts, next, now, questions } = subject;
  const { account } = environment;
  const wanted = parts.role;
  const path = `workloads.${workload.key}`;
  const isFound = existedBefore(workload);
  const missing: Advice = isFound
    ? [
        wanted.adopt
          ? `The inventory adopts the role, so that podlift never creates it. Write the name of the role that exists, or remove adopt from ${path}.role.`
          : `podlift never creates an external role. Write the name of the role that exists into ${path}.role, or let its owner create the role.`,
        aws(account)`iam list-roles --query Roles[].Arn`,
      ]
    : applyStage(subject);
  const own = need([questions.role], (found) => {
    if (found === undefined && isBack(subject) && !isFound)
      return note(`there is no role ${wanted.name}`, 'The apply of the step creates the role again.');
    const failed = notThere(wanted, found, `role ${wanted.name}`, missing, `${path}.role`);
    if (failed !== undefined) return failed;
    const exists = pass(`${wanted.arn} exists`);
    if (next !== undefined || !isFound) return exists;
    return ask([questions.role, questions.association], (_, association) => {
      // Where the association is not known, the check association says so.
      if (found === undefined || !association.ok) return exists;
      const facts = { now, trustAt: trustAt(environment, workload) };
      const standing = standingOf(
        environment,
        [{ cluster, pods: podsOf(subject), association: association.value }],
        found,
        facts,
      );
      return adoptionResult(workload, standing, appliedBefore(workload, found.tags)) ?? exists;
    });
  });
  if (next === undefined) return own;
  const targets = parts.targetRoles.map((target) =>
    need([roleQuestion(target.account, target.name)], (found) => {
      const what = `target role ${target.name} in ${target.account.key}`;
      // Whether pods need the target after the step, target-hop says.
      if (found === undefined && isBack(subject))
        return note(
          `there is no ${what}`,
          `The step takes nothing from pods by it. ${target.manage === undefined ? 'An apply' : 'Only its owner'} creates the role again.`,
        );
      const apply = existingTargetAdvice(subject, target) ?? applyStacks(stacks.target(environment, target.account));
      const failed = notThere(target, found, what, apply, `${path}.targets.${target.target}.role`);
      return failed ?? pass(`${target.arn} exists`);
    }),
  );
  return [own, ...targets];
};

/** What to do where a target role is not there that existed before podlift: no apply creates it. Nothing for a role that podlift creates. */
export function existingTargetAdvice({ workload }: WorkloadOnCluster, target: TargetRole): Advice | undefined {
  if (target.manage === undefined && target.adopt !== true) return undefined;
  return `The inventory says that the role exists, so that podlift never creates it. Write the name of the role that exists into workloads.${workload.key}.targets.${target.target}.role, or let its owner create it.`;
}

/** What to do where a target role that existed before podlift has another path. Nothing for a role that podlift creates. */
export function otherPathAdvice({ workload }: WorkloadOnCluster, target: TargetRole): Advice | undefined {
  if (target.manage === undefined && target.adopt !== true) return undefined;
  return writePath(`workloads.${workload.key}.targets.${target.target}.role`);
}

function writePath(path: string): string {
  return `Write the path of the role into ${path}: IAM has one role of a name in an account.`;
}

/** The result where there is no such role, or one with another path; `path` is that of the role in the inventory. */
function notThere(
  wanted: Role,
  found: RoleFacts | undefined,
  what: string,
  missing: Advice,
  path: string,
): CheckResult | undefined {
  const mismatches = compareRole(wanted, found);
  if (mismatches.some((one) => one.what === 'missing')) return problem(`there is no ${what}`, missing);
  const other = mismatches.find((one) => one.what === 'arn');
  if (other === undefined) return undefined;
  return problem(
    `${wanted.name} is ${other.found ?? ''}, not ${wanted.arn}`,
    isApplied(found?.tags ?? {}) || wanted.manage === 'external' || ('adopt' in wanted && wanted.adopt === true)
      ? writePath(path)
      : `Others made the role, and IAM has one role of a name in an account: an apply fails (EntityAlreadyExists). Write another name into ${path}.name. Only if the role is meant, let the workload adopt it, with its path (adopt: true).`,
  );
}
