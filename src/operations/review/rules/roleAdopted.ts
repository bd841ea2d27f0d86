import { podsText } from './trustWidened';
import { roleArn } from '../../../blueprint/arns';
import type { Environment, Workload } from '../../../inventory/Inventory';
import type { ReviewRule } from '../Review';

/** Whoever may change the inventory can name any role of the account, also one with more permissions than the entry shows. */
export const roleAdopted: ReviewRule = {
  name: 'role-adopted',
  severities: ['warning'],
  what: 'A change adopts no role that exists: a reviewer confirms that the pods may have its permissions.',
  example:
    'workload "billing" adopts the role legacy-billing-irsa in prod: the pods of finance/billing on main may assume it',
  *check(workloads, { environments }) {
    for (const { environment, workload } of workloads) {
      if (!workload.role.adopt) continue;
      const base = environments.kept.find(({ head }) => head === environment)?.base;
      const arn = arnOf(environment, workload);
      const known = [...(base?.workloads ?? []), ...(base?.released ?? [])].some(
        (one) => base !== undefined && one.role.adopt && arnOf(base, one) === arn,
      );
      if (known) continue;
      const who = podsText(workload, workload.clusters);
      yield {
        path: ['workloads', workload.key, 'role', 'adopt'],
        message: `workload "${workload.key}" adopts the role ${workload.role.name} in ${environment.key}: the ${who} may assume it`,
        hint: 'Have a reviewer confirm that the role is for this workload: `npx podlift drift` shows what the role allows in AWS.',
        grants: [
          {
            kind: 'assume',
            environment: environment.key,
            workload: workload.key,
            who,
            actions: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
            resources: [arn],
          },
        ],
      };
    }
  },
};

function arnOf({ partition, account }: Environment, { role }: Workload): string {
  return roleArn(partition, account.id, role.path, role.name);
}
