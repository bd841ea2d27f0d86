import { documentLength } from '../../blueprint/documentLength';
import { QUOTAS } from '../../blueprint/quotas';
import { STAGES, type Workload } from '../../inventory/Inventory';
import type { Check, Step } from './Check';
import { evidenceOf, type Verdict } from './evidenceOf';
import { INVENTORY } from './places';
import { partsAt } from './workloadsOnClusters';

/** The trust policies of the workload's role and target roles fit the quota of their accounts, at every stage from here on. */
export const trustLength: Check = (step, _ports, now) =>
  Promise.resolve(
    step.workloads.map((workload) =>
      evidenceOf(
        step,
        now,
        { check: 'trust-length', workload: workload.key, asked: 'trust policies at all coming stages', of: INVENTORY },
        judge(step, workload),
      ),
    ),
  );

function judge(step: Step, workload: Workload): Verdict {
  const sizes = STAGES.slice(STAGES.indexOf(step.from)).flatMap((stage) => {
    const { role, targetRoles } = partsAt(step, workload, stage);
    const own = { ...role, account: step.environment.account };
    return [own, ...targetRoles].map(({ name, trust, account }) => ({
      name,
      stage,
      length: documentLength(trust),
      limit: trustQuota(step, account.id),
    }));
  });
  const over = sizes.find(({ length, limit }) => length > limit);
  if (over !== undefined)
    return {
      found: `${over.length} characters at ${over.stage} in the trust policy of ${over.name}, the quota is ${over.limit}`,
      holds: 'no',
      remedy: `Split the workload by cluster, or have the quota raised (${QUOTAS.trustPolicyLength.most} at most) and state it as quotas: { trustPolicyLength: … } in the environment.`,
    };
  const [longest] = sizes.toSorted((a, b) => b.length - a.length);
  return {
    found: `${longest?.length ?? 0} of ${longest?.limit ?? 0} characters at most (${longest?.stage ?? step.from})`,
    holds: 'yes',
  };
}

/** What the account's environments say of the quota, the highest where they differ; AWS's default where none speaks. */
function trustQuota({ inventory: { environments } }: Step, accountId: string): number {
  const raised = environments
    .filter(({ account }) => account.id === accountId)
    .flatMap(({ quotas }) => quotas.trustPolicyLength ?? []);
  return raised.length > 0 ? Math.max(...raised) : QUOTAS.trustPolicyLength.value;
}
