import { isPast, type ResolvedRole, type Stage } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule } from '../compare';

/**
 * IAM cannot change the name or path of a role, so Terraform would destroy the role and create another. `adopt` decides whether podlift
 * imports the role and keeps its old trust.
 */
export const roleReplaced: CompareRule = {
  name: 'role-replaced',
  severities: ['error', 'warning'],
  what: 'The roles of a workload keep their names and paths (past `irsa` a change is an error), and `adopt` never changes.',
  example: 'the role of workload "billing" in prod would be replaced: its path changes from / to /podlift/',
  *check({ workloads }) {
    for (const { base, head, environment, targets } of workloads) {
      const where = environment.head.key;
      const path = ['workloads', head.key];
      // Between podlift and another owner: see `external-role-changed`.
      const isExternal = [base, head].some(({ role }) => role.manage !== undefined);
      if (base.role.adopt !== head.role.adopt && !isExternal)
        yield adoption([...path, 'role', 'adopt'], head.role.adopt, `the role of workload "${head.key}" in ${where}`);
      yield* replaced(base.role, head.role, base.stage, [...path, 'role'], `workload "${head.key}" in ${where}`);
      for (const target of targets.kept) {
        const [before, after] = [target.base.role, target.head.role];
        const adopts = [before, after].map(({ adopt = false }) => adopt);
        const changesHands = [before, after].some(({ manage }) => manage !== undefined);
        if (adopts[0] !== adopts[1] && !changesHands)
          yield adoption(
            [...path, 'targets', target.head.key, 'role', 'adopt'],
            adopts[1] === true,
            `the role of target "${target.head.key}" of workload "${head.key}" in ${where}`,
          );
        yield* replaced(
          target.base.role,
          target.head.role,
          base.stage,
          [...path, 'targets', target.head.key, 'role'],
          `target "${target.head.key}" of workload "${head.key}" in ${where}`,
        );
      }
    }
  },
};

function adoption(path: readonly string[], adopt: boolean, whose: string): RuleFinding {
  return {
    severity: 'error',
    path,
    message: adopt
      ? `${whose} becomes adopted, but podlift created it`
      : `${whose} is no longer adopted: podlift would create a role that exists`,
    hint: `Restore \`adopt: ${String(!adopt)}\`: it states whether podlift created the role.`,
  };
}

function* replaced(
  before: ResolvedRole,
  after: ResolvedRole,
  stage: Stage,
  path: readonly string[],
  whose: string,
): Generator<RuleFinding> {
  for (const field of ['name', 'path'] as const) {
    if (before[field] === after[field]) continue;
    yield {
      severity: isPast(stage, 'irsa') ? 'error' : 'warning',
      path: [...path, field],
      message:
        before.manage === undefined || after.manage === undefined
          ? `the role of ${whose} would be replaced: its ${field} changes from ${before[field]} to ${after[field]}`
          : `the pods of ${whose} would get another role: its ${field} changes from ${before[field]} to ${after[field]}`,
      hint: `Write \`${field}: ${before[field]}\` under the \`role\` of the workload: otherwise pods lose the old role.`,
    };
  }
}
