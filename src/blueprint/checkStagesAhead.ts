import type { Problem } from '../inventory/Finding';
import type { Environment, Workload } from '../inventory/Inventory';
import { compileWorkload } from './compileWorkload';
import { documentLength } from './documentLength';
import { exceeded } from './exceeded';
import type { Limit } from './quotas';
import { WIDEST_STAGE } from './stageTable';
import { keepsStatements, trustLengthHint } from './trustLengthHint';

/** Warns of trust policies that fit while a wave is at `irsa`, but exceed the quota at a later stage. */
export function checkStagesAhead(environment: Environment, limit: Limit): Problem[] {
  const waiting = environment.workloads.filter(({ wave, stage }) => wave !== undefined && stage === 'irsa');
  return waiting.flatMap((workload) => {
    const { role, targetRoles } = compileWorkload(environment, atWidestStage(workload));
    const ahead = [
      {
        role,
        kept: keepsStatements(workload.role),
        accountId: environment.account.id,
        path: `workloads.${workload.key}`,
      },
      ...targetRoles.map((target) => ({
        role: target,
        kept: keepsStatements(workload.targets.find(({ key }) => key === target.target)?.role),
        accountId: target.account.id,
        path: `workloads.${workload.key}.targets.${target.target}`,
      })),
    ];
    return ahead.flatMap(({ role: { name, trust }, kept, accountId, path }) =>
      exceeded(
        'trustPolicyLength',
        documentLength(trust),
        limit(accountId, 'trustPolicyLength'),
        path,
        `role ${name} in ${environment.key}, when its wave is past irsa`,
        trustLengthHint(documentLength(trust), environment, workload, kept),
      ).map((problem): Problem => ({ ...problem, severity: 'warning' })),
    );
  });
}

function atWidestStage(workload: Workload): Workload {
  return { ...workload, stage: WIDEST_STAGE };
}
