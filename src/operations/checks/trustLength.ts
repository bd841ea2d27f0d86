import { compileWorkload } from '../../blueprint/compileWorkload';
import { documentLength } from '../../blueprint/documentLength';
import { QUOTAS } from '../../blueprint/quotas';
import { keepsStatements, trustLengthHint } from '../../blueprint/trustLengthHint';
import { STAGES, type Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { type CheckResult, pass, problem } from './Check';

/** The trust policies of the workload's role and target roles fit the quota of their accounts, at every stage from here on. */
export const trustLength: StepCheck = (step) =>
  step.workloads.map((workload) => ({
    workload,
    path: 'trust policies at all later stages',
    checked: judge(step, workload),
  }));

function judge(step: Step, workload: Workload): CheckResult {
  const { environment } = step;
  const sizes = STAGES.slice(STAGES.indexOf(step.from)).flatMap((stage) => {
    const { role, targetRoles } = compileWorkload(environment, { ...workload, stage });
    const ofTargets = targetRoles.map((one) => ({
      ...one,
      settings: workload.targets.find(({ key }) => key === one.target)?.role,
    }));
    const own = { ...role, account: environment.account, settings: workload.role };
    return [own, ...ofTargets].map(({ name, trust, account, settings }) => ({
      name,
      settings,
      stage,
      length: documentLength(trust),
      limit: trustQuota(step, account.id),
    }));
  });
  const over = sizes.find(({ length, limit }) => length > limit);
  if (over !== undefined)
    return problem(
      `the trust policy of ${over.name} has ${over.length} characters at ${over.stage}, and the quota is ${over.limit}`,
      trustLengthHint(over.length, environment, workload, keepsStatements(over.settings)),
    );
  const [longest] = sizes.toSorted((a, b) => b.length - a.length);
  return pass(`at most ${longest?.length ?? 0} of ${longest?.limit ?? 0} characters (${longest?.stage ?? step.from})`);
}

/** What the account's environments say of the quota, the highest where they differ; AWS's default where none says anything. */
function trustQuota({ inventory: { environments } }: Step, accountId: string): number {
  const raised = environments
    .filter(({ account }) => account.id === accountId)
    .flatMap(({ quotas }) => quotas.trustPolicyLength ?? []);
  return raised.length > 0 ? Math.max(...raised) : QUOTAS.trustPolicyLength.value;
}
