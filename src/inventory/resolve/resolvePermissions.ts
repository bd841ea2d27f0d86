import { knownController } from '../../catalogue/catalogue';
import { controllerPolicy, parameterProblems } from '../../catalogue/controllerPolicy';
import type { Segments } from '../Finding';
import * as formats from '../formats/awsFormats';
import type { Cluster, Partition, Permissions, PermissionStatement, UsedController } from '../Inventory';
import type { WrittenPermissions } from '../schema/inventorySchema';
import { present } from '../source/plainData';
import type { Replacer } from './replacer';

/** Where a role applies: what the permissions of the catalogue are made for. */
export interface RolePlace {
  readonly partition: Partition;
  readonly accountId: string;
  readonly clusters: readonly Pick<Cluster, 'name' | 'region'>[];
  /** The region where no cluster is known. */
  readonly region: string;
}

type WrittenStatement = NonNullable<WrittenPermissions['statements']>[number];
type WrittenConditions = NonNullable<WrittenStatement['conditions']>;
type At = (...field: Segments) => Segments;

/** Permissions with names replaced and complete ARNs of AWS's own policies. `at` gives the path of a field. */
export function resolvePermissions(
  written: WrittenPermissions | undefined,
  place: RolePlace,
  replace: Replacer,
  at: At,
): Permissions {
  const { managedPolicies = [], statements = [], inlinePolicies, use = [] } = written ?? {};
  const own = {
    managedPolicies: managedPolicies.map((text, index) =>
      policyArnOf(
        replace(text, () => at('managedPolicies', index), formats.managedPolicy),
        place.partition,
      ),
    ),
    statements: statements.map((statement, index) =>
      resolveStatement(statement, replace, (...field) => at('statements', index, ...field)),
    ),
  };
  const used = use.length === 0 ? undefined : resolveUse(use, own, place, replace, (...field) => at('use', ...field));
  return { ...own, ...used, inlinePolicies: { ...inlinePolicies } };
}

/** A bare name is a policy of AWS. It can have a path: service-role/AmazonEBSCSIDriverPolicy. */
function policyArnOf(policy: string, partition: Partition): string {
  return policy.startsWith('arn:') ? policy : `arn:${partition}:iam::aws:policy/${policy}`;
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

/** Whether a text still has a `{name}`, which has a finding of its own. `${…}` is none. */
export function isUnresolved(text: string): boolean {
  return /(^|[^$%{])\{[A-Za-z]/.test(text);
}

/**
 * The permissions of controllers of the catalogue, behind those that the file has itself. A controller with a mistake gives none: the rules
 * `unknown-controller` and `controller-parameter` report it. A managed policy that the role has already is not listed again, and a statement whose sid
 * is taken has none.
 */
function resolveUse(
  written: NonNullable<WrittenPermissions['use']>,
  own: Pick<Permissions, 'managedPolicies' | 'statements'>,
  { partition, accountId, clusters, region }: RolePlace,
  replace: Replacer,
  at: At,
): Pick<Permissions, 'managedPolicies' | 'statements' | 'use'> {
  const place = {
    partition,
    account: accountId,
    regions: clusters.length === 0 ? [region] : [...new Set(clusters.map((cluster) => cluster.region))],
    clusters: clusters.map(({ name }) => name),
  };
  const managedPolicies = [...own.managedPolicies];
  const statements = [...own.statements];
  const sids = new Set(own.statements.map(({ sid }) => sid));
  const use = written.map((entry, index): UsedController => {
    const { name, parameters = {}, because } = typeof entry === 'string' ? { name: entry } : entry;
    const values = Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [
        key,
        typeof value === 'boolean'
          ? value
          : Array.isArray(value)
            ? value.map((text, item) => replace(text, () => at(index, 'parameters', key, item)))
            : replace(value, () => at(index, 'parameters', key)),
      ]),
    );
    const added: string[] = [];
    const controller = knownController(name);
    if (controller !== undefined && parameterProblems(controller, values).every(({ problem }) => problem === 'open')) {
      const policy = controllerPolicy(controller, values, place);
      for (const policyName of policy.managedPolicies) {
        const arn = policyArnOf(policyName, partition);
        if (!managedPolicies.includes(arn)) added.push(arn);
      }
      managedPolicies.push(...added);
      for (const { sid, ...statement } of policy.statements) {
        statements.push({ ...(!sids.has(sid) && { sid }), ...statement, ...present({ because }), use: index });
        sids.add(sid);
      }
    }
    return { name, parameters: values, ...present({ because }), managedPolicies: added };
  });
  return { managedPolicies, statements, use };
}
