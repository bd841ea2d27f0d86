import { FORMER_STAGE_TAG, isApplied } from '../../comparison/role';
import type { Estate } from '../../estate/Estate';
import { answerOf } from '../../estate/questions';
import { identityStackName, targetsStackName } from '../../inventory/stackNames';
import { roleQuestion } from '../checks/rolePermissions';
import type { Scope } from './Difference';

/** A role with a tag that podlift wrote before, and no longer writes. It is no difference: the next apply removes the tag, and nothing reads it. */
export interface FormerTag {
  readonly environment: string;
  /** The workload's key. */
  readonly workload: string;
  /** The ARN of the role. */
  readonly role: string;
  /** The key of the tag. */
  readonly tag: string;
  /** The stack whose next apply removes the tag. */
  readonly stack: string;
}

/** The roles of a scope that still have a tag of an earlier version of podlift. */
export function formerTags(
  { environment, blueprint, workloads }: Pick<Scope, 'environment' | 'blueprint' | 'workloads'>,
  estate: Estate,
): readonly FormerTag[] {
  const keys = new Set(workloads.map(({ key }) => key));
  const roles = [
    ...blueprint.roles
      .filter(({ manage }) => manage === undefined)
      .map((role) => ({
        role,
        account: environment.account,
        stack: identityStackName(environment.key),
      })),
    ...blueprint.targetRoles.map((role) => ({
      role,
      account: role.account,
      stack: targetsStackName(environment.key, role.account.key),
    })),
  ];
  return roles.flatMap(({ role, account, stack }) => {
    if (!keys.has(role.workload)) return [];
    const answer = answerOf(estate, roleQuestion(account, role.name));
    const tags = answer.ok ? answer.value?.tags : undefined;
    if (tags?.[FORMER_STAGE_TAG] === undefined || !isApplied(tags)) return [];
    return [{ environment: environment.key, workload: role.workload, role: role.arn, tag: FORMER_STAGE_TAG, stack }];
  });
}
