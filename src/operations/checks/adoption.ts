import { adoptionLosses, compareAdoption, standingOf } from '../../comparison/adoption';
import { isApplied } from '../../comparison/role';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { ask, need } from '../../estate/ask';
import type { QuestionOf } from '../../estate/questions';
import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { say } from '../remedies';
import { adoptionText } from './adoptionText';
import { type CheckAsk, type CheckResult, fail, pass } from './Check';

/**
 * An adopted role is at the stage that its entry claims, or one step from it, and its first apply removes nothing from it unseen. Stacks are
 * applied whole: other adopted workloads of the environment that are past `irsa` are asked for too, and have a result where an
 * apply would cost them their role. What an apply has adopted already is compared by the other checks.
 */
export const adoption: StepCheck = (step) => {
  const own = step.workloads.filter(({ role }) => role.adopt).map((one) => ({ ...one, stage: step.from }));
  const others = step.environment.workloads.filter(
    (one) => one.role.adopt && one.stage !== 'irsa' && !step.workloads.includes(one),
  );
  return [
    ...own.map((workload) => ({
      workload,
      path: `workloads.${workload.key}`,
      checked: [adopted(step, workload, false)],
    })),
    ...others.map((workload) => ({
      workload,
      path: `workloads.${workload.key}`,
      checked: [adopted(step, workload, true)],
    })),
  ];
};

/** `onlyBlocking`: the workload is not one of the step. */
function adopted({ environment }: Step, workload: Workload, onlyBlocking: boolean): CheckAsk {
  const { account } = environment;
  const { role } = compileWorkload(environment, workload);
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  const question = { ask: 'role', account: account.id, name: role.name } as const;
  const associations = clusters.map(({ arn }): QuestionOf<'association'> => ({
    ask: 'association',
    cluster: arn,
    namespace: workload.namespace,
    serviceAccount: workload.serviceAccount.name,
  }));
  // Where the role is not known or not there, the check `role` says so.
  return ask([question], (answer) => {
    if (!answer.ok || answer.value === undefined) return [];
    const found = answer.value;
    const applied = isApplied(found.tags);
    const judge = (...values: readonly Parameters<typeof standingOf>[4][number][]): readonly CheckResult[] => {
      const mismatch = compareAdoption(workload, standingOf(environment, workload, clusters, found, values), applied);
      if (mismatch === undefined) return [];
      const { claimed, there, remedy } = adoptionText(workload, mismatch);
      const text = `the entry has ${claimed}, but the role is ${there} in AWS`;
      return [fail('problem', text, remedy, { blocksApply: true })];
    };
    if (applied || onlyBlocking)
      return ask([question, ...associations], (_, ...answers) =>
        answers.every((one) => one.ok) ? judge(...answers.map((one) => one.value)) : [],
      );
    return need([question, ...associations], (_, ...values) => {
      const blocking = judge(...values);
      if (blocking.length > 0) return blocking;
      return need([question, { ask: 'rolePolicies', account: account.id, name: role.name }], (_role, policies) => [
        lossResult(workload, adoptionLosses(role, found, policies)),
      ]);
    });
  });
}

function lossResult({ key }: Workload, losses: ReturnType<typeof adoptionLosses>): CheckResult {
  if (losses.length === 0) return pass('the first apply removes nothing from the role');
  const removed = losses.filter((one) => one.removed).map(({ what }) => what);
  const left = losses.filter((one) => !one.removed).map(({ what }) => what);
  const found = [
    ...(removed.length === 0 ? [] : [`the first apply removes ${removed.join('; ')}`]),
    ...(left.length === 0 ? [] : [`not in the entry, and left on the role: ${left.join(', ')}`]),
  ].join('; ');
  const fields = [...new Set(losses.map(({ field }) => field))].join(', ');
  const keep = `To keep what is not in the entry, write it into ${fields} of workloads.${key}, as discover proposes it.`;
  if (removed.length === 0) return pass(found, { remedy: [say(keep)], due: 'before-step' });
  return fail('problem', found, [say(keep), say('To remove it on purpose, apply first.')]);
}
