import type { Segments } from '../Issue';
import type { Partition, Permissions, PermissionStatement } from '../Inventory';
import { action, managedPolicy, resource } from '../formats/awsFormats';
import type { WrittenPermissions } from '../schema/inventorySchema';
import type { Replacer } from './replacer';

type WrittenStatement = NonNullable<WrittenPermissions['statements']>[number];
type WrittenConditions = NonNullable<WrittenStatement['conditions']>;
type At = (...field: Segments) => Segments;

/** Permissions with names replaced and AWS's own policies as whole ARNs. `at` says where their fields stand. */
export function resolvePermissions(
  written: WrittenPermissions | undefined,
  partition: Partition,
  replace: Replacer,
  at: At,
): Permissions {
  const managedPolicies = (written?.managedPolicies ?? []).map((policy, index) =>
    policyArn(
      replace(policy, () => at('managedPolicies', index), managedPolicy),
      partition,
    ),
  );
  const statements = (written?.statements ?? []).map((statement, index) =>
    resolveStatement(statement, replace, (...field) => at('statements', index, ...field)),
  );
  return { managedPolicies, statements, inlinePolicies: { ...written?.inlinePolicies } };
}

/** A bare name is a policy of AWS's own; it may have a path: `service-role/AmazonEBSCSIDriverPolicy`. */
function policyArn(policy: string, partition: Partition): string {
  return policy.startsWith('arn:') ? policy : `arn:${partition}:iam::aws:policy/${policy}`;
}

function resolveStatement(written: WrittenStatement, replace: Replacer, at: At): PermissionStatement {
  const { actions, resources, conditions, ...rest } = written;
  return {
    ...rest,
    actions: actions.map((text, index) => replace(text, () => at('actions', index), action)),
    resources: resources.map((text, index) => replace(text, () => at('resources', index), resource)),
    ...(conditions && { conditions: resolveConditions(conditions, replace, at) }),
  };
}

/** IAM compares all condition values as text: true and 5 become `"true"` and `"5"`. */
function resolveConditions(
  written: WrittenConditions,
  replace: Replacer,
  at: At,
): NonNullable<PermissionStatement['conditions']> {
  const operators = Object.entries(written).map(([operator, keys]) => {
    const replaced = Object.entries(keys).map(([key, value]) => {
      const field = (...rest: Segments): Segments => at('conditions', operator, key, ...rest);
      const name = replace(key, () => field());
      return Array.isArray(value)
        ? [name, value.map((item, index) => replace(String(item), () => field(index)))]
        : [name, replace(String(value), () => field())];
    });
    return [operator, Object.fromEntries(replaced)] as const;
  });
  return Object.fromEntries(operators);
}
