import type { ResolvedRole, Stage, Workload } from '../../Inventory';
import { isPast } from '../../resolve/isPast';
import type { Found } from '../../rules/Rule';
import { matched } from '../compare';
import type { CompareRule } from '../CompareRule';

/**
 * A role keeps its name and its path: IAM changes neither, so that Terraform would destroy the role and make another. And it stays adopted, or
 * podlift's own: only an adopted role is imported, and only there what was in its trust before is kept.
 */
export const roleReplaced: CompareRule = {
  name: 'role-replaced',
  severities: ['error', 'warning'],
  what: 'The roles of a workload keep their names and paths; past `irsa` a change is an error. `adopt` stays what it was, at every stage.',
  example: 'the role of workload "billing" in prod would be replaced: its path goes from / to /podlift/',
  *check({ workloads }) {
    for (const { base, head, environment } of workloads) {
      const where = environment.head.key;
      const path = ['workloads', head.key];
      if (base.role.adopt !== head.role.adopt) yield adoption(head, where);
      yield* replaced(base.role, head.role, base.stage, [...path, 'role'], `workload "${head.key}" in ${where}`);
      for (const target of matched(base.targets, head.targets).kept) {
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

function adoption({ key, role }: Workload, where: string): Found {
  return {
    severity: 'error',
    path: ['workloads', key, 'role', 'adopt'],
    message: role.adopt
      ? `the role of workload "${key}" in ${where} would be imported over the one that podlift made: it becomes adopted`
      : `the role of workload "${key}" in ${where} is no longer adopted: its import goes, and podlift would make a role where one stands`,
    hint: `Put \`adopt: ${String(!role.adopt)}\` back: whether podlift made a role does not change afterwards.`,
  };
}

function* replaced(
  before: ResolvedRole,
  after: ResolvedRole,
  stage: Stage,
  path: readonly string[],
  whose: string,
): Generator<Found> {
  for (const field of ['name', 'path'] as const) {
    if (before[field] === after[field]) continue;
    yield {
      severity: isPast(stage, 'irsa') ? 'error' : 'warning',
      path: [...path, field],
      message: `the role of ${whose} would be replaced: its ${field} goes from ${before[field]} to ${after[field]}`,
      hint: `Write \`${field}: ${before[field]}\` under the workload's \`role\`: pods that hold the old role would lose it.`,
    };
  }
}
