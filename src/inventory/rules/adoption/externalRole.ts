import type { PlacedWorkload } from '../../resolve/Model';
import { mergeOverrides } from '../../resolve/mergeOverrides';
import type { RuleFinding, Rule } from '../Rule';

/** The owner of an external role writes it: what only a managed role has would have no effect. */
export const externalRole: Rule = {
  name: 'external-role',
  what: 'A role with `manage: external` has a `name`, and nothing that podlift would write into a role: no `adopt`, `description`, `tags`, `permissionsBoundary`, `maxSessionDuration`, and no `imports` other than associations.',
  example: 'role.tags has no effect: podlift never writes role "ledger-reader", which is external',
  *check({ placed, written }) {
    for (const one of placed) {
      const { workload, environment } = one;
      if (workload.role.manage === undefined) continue;
      const entry = written.workloads[workload.key];
      const merged = entry && mergeOverrides(entry, entry.overrides?.[environment.key]);
      if (merged?.role?.name === undefined) yield withoutName(one);
      yield* withoutEffect(one);
    }
  },
};

function withoutName({ workload, at }: PlacedWorkload): RuleFinding {
  return {
    path: at('role', 'manage'),
    message: `the role of workload "${workload.key}" is external and has no name`,
    hint: 'Write the name of the role that exists: role: { manage: external, name: NAME }. Write its path too, unless it is /.',
  };
}

function* withoutEffect({ workload: { role }, at }: PlacedWorkload): Generator<RuleFinding> {
  const { imports } = role;
  if (role.adopt)
    yield {
      path: at('role', 'adopt'),
      message: `role "${role.name}" is adopted and external: an adopted role is written by podlift, an external one never`,
      hint: 'Remove adopt if the role stays in its own Terraform, CloudFormation or eksctl. Remove manage if podlift takes it.',
    };
  const useless: readonly (readonly [boolean, ...string[]])[] = [
    [role.description !== undefined, 'description'],
    [Object.keys(role.tags).length > 0, 'tags'],
    [role.permissionsBoundary !== undefined, 'permissionsBoundary'],
    [role.maxSessionDuration !== undefined, 'maxSessionDuration'],
    [imports.role === true, 'imports', 'role'],
    [imports.managedPolicies.length > 0, 'imports', 'managedPolicies'],
    [imports.inlinePolicies.length > 0, 'imports', 'inlinePolicies'],
  ];
  for (const [isThere, ...field] of useless)
    if (isThere)
      yield {
        path: at('role', ...field),
        message: `role.${field.join('.')} has no effect: podlift never writes role "${role.name}", which is external`,
        hint: `Remove ${field.join('.')}: the owner of the role has it.`,
        at: 'key',
      };
}
