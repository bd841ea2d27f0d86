import type { Target, Workload } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule, Kept } from '../compare';

/**
 * A role changes hands: from podlift to its owner or back. Terraform forgets a role that becomes external, with the policies that its entry names.
 * It destroys those that the entry no longer names.
 */
export const externalRoleChanged: CompareRule = {
  name: 'external-role-changed',
  severities: ['error', 'warning'],
  what: 'A role that becomes external keeps the policies of its entry in the same change: Terraform forgets them. An external role that podlift takes is adopted.',
  example:
    'the role of workload "billing" in prod becomes external, and its entry no longer has the policy AmazonSSMReadOnlyAccess',
  *check({ workloads }) {
    for (const { base, head, environment, released, targets } of workloads) {
      if (!released) for (const target of targets.kept) yield* targetChanged(target, head.key, environment.head.key);
      if (released || base.role.manage === head.role.manage) continue;
      const whose = `the role of workload "${head.key}" in ${environment.head.key}`;
      if (head.role.manage === undefined) yield taken(head, whose);
      else {
        yield* lostPolicies(base, head, whose);
        yield {
          severity: 'warning',
          path: ['workloads', head.key, 'role', 'manage'],
          message: `${whose} becomes external: the next apply forgets the role and its policies, and destroys nothing`,
          hint: `Read in the plan: "will no longer be managed by Terraform, but will not be destroyed". After the apply, import the role where its owner keeps it.`,
        };
      }
    }
  },
};

/** The role of a target changes hands. */
function* targetChanged({ base, head }: Kept<Target>, workload: string, environment: string): Generator<RuleFinding> {
  if (base.role.manage === head.role.manage) return;
  const whose = `the role of target "${head.key}" of workload "${workload}" in ${environment}`;
  const path = ['workloads', workload, 'targets', head.key, 'role'];
  if (head.role.manage !== undefined)
    yield {
      severity: 'warning',
      path: [...path, 'manage'],
      message: `${whose} becomes external: the next apply forgets the role and the policies that its entry names, and destroys nothing of these`,
      hint: 'Keep its permissions in the entry until the change is applied. Read in the plan: "will no longer be managed by Terraform, but will not be destroyed".',
    };
  else if (head.role.adopt !== true)
    yield {
      severity: 'error',
      path,
      message: `${whose} is no longer external, and is not adopted: podlift would create a role that exists`,
      hint: 'Restore manage: external, or write adopt: true if podlift takes the role.',
    };
  else
    yield {
      severity: 'warning',
      path: [...path, 'adopt'],
      message: `podlift takes ${whose}: the next apply writes it as the entry says`,
      hint: 'First let the owner forget the role (removed block with destroy = false, DeletionPolicy: Retain). Compare the entry with the role: npx podlift drift',
    };
}

function taken({ key, role }: Workload, whose: string): RuleFinding {
  if (!role.adopt)
    return {
      severity: 'error',
      path: ['workloads', key, 'role'],
      message: `${whose} is no longer external, and is not adopted: podlift would create a role that exists`,
      hint: 'Restore manage: external, or write adopt: true if podlift takes the role.',
    };
  return {
    severity: 'warning',
    path: ['workloads', key, 'role', 'adopt'],
    message: `podlift takes ${whose}: the next apply writes it as the entry says, and removes the tags, policies and trust statements that the entry lacks`,
    hint: 'First let the owner forget the role (removed block with destroy = false, DeletionPolicy: Retain). Compare the entry with the role: npx podlift drift',
  };
}

function* lostPolicies(base: Workload, head: Workload, whose: string): Generator<RuleFinding> {
  const names = ({ permissions }: Workload) => [
    ...permissions.managedPolicies,
    ...Object.keys(permissions.inlinePolicies),
  ];
  const kept = new Set(names(head));
  for (const policy of names(base).filter((one) => !kept.has(one)))
    yield {
      severity: 'error',
      path: ['workloads', head.key, 'role', 'manage'],
      message: `${whose} becomes external, and its entry no longer has the policy ${policy}: Terraform would take the policy from the role`,
      hint: 'Restore the policy under permissions until the change is applied: Terraform forgets only what the entry names.',
    };
}
