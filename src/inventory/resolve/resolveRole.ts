import { createHash } from 'node:crypto';
import type { Segments } from '../Finding';
import * as formats from '../formats/awsFormats';
import type { Format } from '../formats/Format';
import type { Partition, Permissions, PermissionStatement, ResolvedRole, RoleSettings } from '../Inventory';
import type { WrittenPermissions } from '../schema/inventorySchema';
import { present } from '../source/plainData';
import type { Replacer } from './replacer';

/** A role's settings with names replaced; absent settings stay absent. `at` gives the path of a field. */
export function replaceRole(
  written: RoleSettings | undefined,
  replace: Replacer,
  at: (field: string) => Segments,
): RoleSettings {
  const text = (field: 'name' | 'path' | 'permissionsBoundary', format: Format): string | undefined => {
    const value = written?.[field];
    return value === undefined ? undefined : replace(value, () => at(field), format);
  };
  return present({
    name: text('name', formats.roleName),
    path: text('path', formats.rolePath),
    permissionsBoundary: text('permissionsBoundary', formats.policyArn),
    maxSessionDuration: written?.maxSessionDuration,
  });
}

/**
 * A complete role: its own settings, else the environment's, else `defaultName` and the path `/`. A boundary of another account is not
 * a default: IAM accepts only policies of the role's own account, or of AWS.
 */
export function completeRole(
  own: RoleSettings,
  defaults: RoleSettings,
  accountId: string,
  defaultName: string,
): ResolvedRole {
  const { permissionsBoundary, ...neutral } = defaults;
  const owner = permissionsBoundary?.split(':')[4];
  return {
    ...neutral,
    ...(permissionsBoundary !== undefined && (owner === accountId || owner === 'aws') && { permissionsBoundary }),
    ...own,
    name: own.name ?? defaultName,
    path: own.path ?? defaults.path ?? '/',
  };
}

/** The longest role name in IAM. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const LONGEST = 64;
const HASH_LENGTH = 8;

/**
 * The default name of a role: its parts joined by `-`. A name of more than 64 characters keeps its first 55, then gets a `-` and the
 * first eight hexadecimal digits of its SHA-256, so that two long names stay different.
 */
export function roleName(...parts: readonly string[]): string {
  const whole = parts.join('-');
  if (whole.length <= LONGEST) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_LENGTH);
  return `${whole.slice(0, LONGEST - HASH_LENGTH - 1)}-${hash}`;
}

type WrittenStatement = NonNullable<WrittenPermissions['statements']>[number];
type WrittenConditions = NonNullable<WrittenStatement['conditions']>;
type At = (...field: Segments) => Segments;

/** Permissions with names replaced and complete ARNs of AWS's own policies. `at` gives the path of a field. */
export function resolvePermissions(
  written: WrittenPermissions | undefined,
  partition: Partition,
  replace: Replacer,
  at: At,
): Permissions {
  const { managedPolicies = [], statements = [], inlinePolicies } = written ?? {};
  return {
    managedPolicies: managedPolicies.map((text, index) => {
      const policy = replace(text, () => at('managedPolicies', index), formats.managedPolicy);
      // A bare name is a policy of AWS. It can have a path: service-role/AmazonEBSCSIDriverPolicy.
      return policy.startsWith('arn:') ? policy : `arn:${partition}:iam::aws:policy/${policy}`;
    }),
    statements: statements.map((statement, index) =>
      resolveStatement(statement, replace, (...field) => at('statements', index, ...field)),
    ),
    inlinePolicies: { ...inlinePolicies },
  };
}

function resolveStatement(written: WrittenStatement, replace: Replacer, at: At): PermissionStatement {
  const { actions, resources, conditions, ...rest } = written;
  return {
    ...rest,
    actions: actions.map((text, index) => replace(text, () => at('actions', index), formats.action)),
    resources: resources.map((text, index) => replace(text, () => at('resources', index), formats.resource)),
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
    const known = new Map<string, string>();
    const replaced = Object.entries(keys).map(([key, value]) => {
      const field = (...rest: Segments): Segments => at('conditions', operator, key, ...rest);
      const name = replace(key, () => field());
      const first = known.get(name.toLowerCase());
      if (first !== undefined) replace.repeatedKey({ key, name, first, operator, path: field() });
      else known.set(name.toLowerCase(), key);
      return Array.isArray(value)
        ? [name, value.map((item, index) => replace(String(item), () => field(index)))]
        : [name, replace(String(value), () => field())];
    });
    return [operator, Object.fromEntries(replaced)] as const;
  });
  return Object.fromEntries(operators);
}
