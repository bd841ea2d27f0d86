import { STAGES } from '../../Inventory';
import type { PlacedWorkload } from '../../resolve/Model';
import { type RuleFinding, onCreatedRole, type Rule } from '../Rule';

/** Terraform refuses an import block without a configured resource, or for a resource that no longer exists. */
export const roleImports: Rule = {
  name: 'role-imports',
  severities: ['error', 'warning'],
  what: '`role.imports` belongs to an adopted role, and lists only policies that are under `permissions` too. Its associations are on clusters of the workload, at a stage with associations.',
  example: 'imports lists the inline policy "s3-read", which is not under permissions',
  *check({ staged }) {
    for (const placed of staged) yield* inWorkload(placed);
  },
};

function* inWorkload(placed: PlacedWorkload): Generator<RuleFinding> {
  const { workload, at } = placed;
  const { adopt, imports } = workload.role;
  const { managedPolicies, inlinePolicies, associations } = imports;
  const path = (...field: (string | number)[]) => at('role', 'imports', ...field);
  const count = managedPolicies.length + inlinePolicies.length + Object.keys(associations).length;
  if (!adopt && count > 0) yield onCreatedRole(placed, 'imports', 'import');
  for (const [index, arn] of managedPolicies.entries()) {
    if (workload.permissions.managedPolicies.includes(arn)) continue;
    yield missing(path('managedPolicies', index), `the policy ${arn}`, 'managedPolicies');
  }
  for (const [index, name] of inlinePolicies.entries()) {
    if (Object.hasOwn(workload.permissions.inlinePolicies, name)) continue;
    yield missing(path('inlinePolicies', index), `the inline policy "${name}"`, 'inlinePolicies');
  }
  for (const [cluster, id] of Object.entries(associations)) {
    if (!workload.clusters.includes(cluster)) {
      yield {
        path: path('associations', cluster),
        message: `imports lists an association on cluster "${cluster}", where the workload does not run: clusters: ${workload.clusters.join(', ')}`,
        hint: 'Write the key of a cluster of the workload, or remove it.',
        at: 'key',
      };
    } else if (STAGES.indexOf(workload.stage) < STAGES.indexOf('dual')) {
      yield {
        severity: 'warning',
        path: path('associations', cluster),
        message: `imports lists association ${id}, but a workload at ${workload.stage} has none`,
        hint: 'Delete it: at a stage with associations podlift creates a new one.',
        at: 'key',
      };
    }
  }
}

function missing(path: RuleFinding['path'], what: string, field: string): RuleFinding {
  return {
    path,
    message: `imports lists ${what}, which is not under permissions`,
    hint: `Add it to permissions.${field}, or remove it here.`,
  };
}
