import { STAGES } from '../../Inventory';
import type { Placed } from '../../resolve/Model';
import type { Found, Rule } from '../Rule';

/** Terraform refuses an import block whose resource is not configured, or is not there any more. */
export const roleImports: Rule = {
  name: 'role-imports',
  severities: ['error', 'warning'],
  what: 'What `role.imports` lists belongs to a role that is adopted and stands under `permissions` as well; an association is one of a cluster of the workload, at a stage that has associations.',
  example: 'imports names the inline policy "s3-read", which permissions does not have',
  *check({ staged }) {
    for (const placed of staged) if (placed.isReal) yield* inWorkload(placed);
  },
};

function* inWorkload({ workload, at }: Placed): Generator<Found> {
  const { adopt, imports } = workload.role;
  const { managedPolicies, inlinePolicies, associations } = imports;
  const path = (...field: (string | number)[]) => at('role', 'imports', ...field);
  const count = managedPolicies.length + inlinePolicies.length + Object.keys(associations).length;
  if (!adopt && count > 0) {
    yield {
      path: path(),
      message: 'imports stands on a role that podlift makes itself: there is nothing to import',
      hint: 'Set `adopt: true` if the role exists already, or remove imports.',
    };
  }
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
        message: `imports names an association on cluster "${cluster}", where the workload does not run: clusters: ${workload.clusters.join(', ')}`,
        hint: 'Name a cluster of the workload, or remove it.',
        at: 'key',
      };
    } else if (STAGES.indexOf(workload.stage) < STAGES.indexOf('dual')) {
      yield {
        severity: 'warning',
        path: path('associations', cluster),
        message: `imports names association ${id}, but at ${workload.stage} there is none`,
        hint: 'Delete it: when the stage has associations again, a new one is made, and this one is gone.',
        at: 'key',
      };
    }
  }
}

function missing(path: Found['path'], what: string, field: string): Found {
  return {
    path,
    message: `imports names ${what}, which permissions does not have`,
    hint: `Write it under permissions.${field}, or remove it here.`,
  };
}
