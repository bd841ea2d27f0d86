import { podsText } from './trustWidened';
import { compileWorkload } from '../../../blueprint/compileWorkload';
import type { Role } from '../../../blueprint/Blueprint';
import type { Environment, Workload } from '../../../inventory/Inventory';
import type { Grant, ReviewFinding, ReviewRule } from '../Review';

/**
 * Whoever may change the inventory can name any role of an account, also one with more permissions than the entry shows. podlift writes the trust policy of an adopted
 * role. It makes the association of an external role, which EKS serves where the role trusts Pod Identity without conditions.
 */
export const roleAdopted: ReviewRule = {
  name: 'role-adopted',
  severities: ['warning'],
  what: 'A change adopts no role that exists, and names no external one, also as the role of a target: a reviewer confirms that the pods may have its permissions.',
  example:
    'workload "billing" adopts the role legacy-billing-irsa in prod: the pods of finance/billing on main may assume it',
  *check(workloads, { environments }) {
    for (const { environment, workload } of workloads) {
      const base = environments.kept.find(({ head }) => head === environment)?.base;
      for (const role of existing(environment, workload)) {
        if (base !== undefined && isKnown(base, workload, role)) continue;
        yield finding(environment, workload, role);
      }
    }
  },
};

/** A role that the change did not make: that of a workload, or of a target. */
interface ExistingRole extends Pick<Role, 'name' | 'arn' | 'manage'> {
  readonly target?: string;
}

function rolesOf(environment: Environment, workload: Workload) {
  const { role, targetRoles } = compileWorkload(environment, workload);
  return [role, ...targetRoles];
}

function existing(environment: Environment, workload: Workload): readonly ExistingRole[] {
  return rolesOf(environment, workload).filter(({ adopt, manage }) => adopt === true || manage !== undefined);
}

/** Whether an earlier version names the role as existing, or podlift made it for the same workload: such a role can become external. */
function isKnown(base: Environment, { key }: Workload, { arn, manage }: ExistingRole): boolean {
  return [...base.workloads, ...(base.released ?? [])].some((one) =>
    (one.key === key && manage !== undefined ? rolesOf : existing)(base, one).some((role) => role.arn === arn),
  );
}

function finding(
  environment: Environment,
  workload: Workload,
  { name, arn, manage, target }: ExistingRole,
): ReviewFinding {
  const pods = podsText(workload, workload.clusters);
  const who = target === undefined ? pods : `role ${workload.role.name}`;
  const whose = `${target === undefined ? '' : `target "${target}" of `}workload "${workload.key}"`;
  const grant: Grant = {
    kind: 'assume',
    environment: environment.key,
    workload: workload.key,
    ...(target !== undefined && { target }),
    who,
    actions: target === undefined ? ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'] : ['sts:AssumeRole'],
    resources: [arn],
  };
  const place = ['workloads', workload.key, ...(target === undefined ? [] : ['targets', target]), 'role'];
  return manage === undefined
    ? {
        path: [...place, 'adopt'],
        message: `${whose} adopts the role ${name} in ${environment.key}: the ${who} may assume it`,
        hint: 'Have a reviewer confirm that the role is for this workload: `npx podlift drift` shows what the role allows in AWS.',
        grants: [grant],
      }
    : {
        path: [...place, 'manage'],
        message: `${whose} uses the role ${name} of another owner in ${environment.key}: the ${who} may assume it where its trust policy allows it`,
        hint: 'Have a reviewer confirm with the owner of the role that it is for this workload. podlift neither compares nor limits its permissions.',
        grants: [grant],
      };
}
