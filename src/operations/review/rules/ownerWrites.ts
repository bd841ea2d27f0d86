import { ownedRoles } from '../../../blueprint/ownerWrites';
import { notCovered } from '../../../iam/sameMeaning';
import type { Statement } from '../../../iam/PolicyDocument';
import type { ReviewRule } from '../Review';

/**
 * A change of clusters, service accounts, session tags or kept statements changes the trust policy of an external role, and no plan shows it. A change of the stage is no
 * finding: `advance` and `rollback` say what its owner writes.
 */
export const ownerWrites: ReviewRule = {
  name: 'owner-writes',
  severities: ['warning'],
  what: 'The trust policy of an external role, also that of a target, stays the same at a stage: no apply writes it, so its owner must.',
  example:
    'the trust policy of role ledger-reader, which its owner writes, changes (workload "ledger-reader" in prod): it must admit more',
  *check(workloads) {
    for (const { environment, workload, before } of workloads) {
      if (before === undefined) continue;
      const { stage } = workload;
      const at = { ...before.base, stage };
      const earlier = ownedRoles(before.environment.base, at, stage, stage);
      for (const { arn, name, target, after: now } of ownedRoles(environment, workload, stage, stage)) {
        const old = earlier.find((one) => one.arn === arn)?.after;
        if (old === undefined) continue;
        const [added, removed] = [notCovered([now], [old]), notCovered([old], [now])];
        const widens = added.some(isAllowed) || removed.some(isDenied);
        const narrows = removed.some(isAllowed) || added.some(isDenied);
        if (!widens && !narrows) continue;
        const of = target === undefined ? '' : ` --target ${target}`;
        const command = `npx podlift trust ${workload.key} --environment ${environment.key}${of} --stage ${stage}`;
        yield {
          path: ['workloads', workload.key, ...(target === undefined ? [] : ['targets', target]), 'role', 'manage'],
          message: `the trust policy of role ${name}, which its owner writes, changes (workload "${workload.key}" in ${environment.key}): it must ${[
            ...(widens ? ['admit more'] : []),
            ...(narrows ? ['admit less'] : []),
          ].join(' and ')}`,
          hint: `${
            !narrows
              ? 'Let the owner write it before the apply:'
              : !widens
                ? 'Let the owner write it after the apply, when no pod needs the old one:'
                : 'Before the apply, let the owner add the new statements beside the old ones. After it, when no pod needs these, the owner writes:'
          } ${command}`,
          grants: [],
        };
      }
    }
  },
};

function isAllowed({ Effect }: Statement): boolean {
  return Effect === 'Allow';
}

function isDenied({ Effect }: Statement): boolean {
  return Effect === 'Deny';
}
