import type { Issue, RuleInfo, Segments, Severity } from '../Finding';
import type { Cluster, Environment, Workload } from '../Inventory';
import { managedPolicyPath } from '../permissionPath';
import type { Model, PlacedWorkload } from '../resolve/Model';
import type { WrittenOverride, WrittenWorkload } from '../schema/inventorySchema';
import { didYouMean, listed } from '../suggest';

/** A finding of a rule. Default severity: the first one of its rule. */
export interface RuleFinding extends Omit<Issue, 'rule' | 'severity'> {
  readonly severity?: Severity;
}

/** A rule over the whole inventory. Its input lacks broken values: they have findings already. */
export interface Rule extends RuleInfo {
  readonly check: (model: Model) => Iterable<RuleFinding>;
}

/** The items whose key occurred before, each with the first item of this key. Items with an undefined key are ignored. */
export function* repeated<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string | undefined,
): Generator<{ readonly item: T; readonly first: T }> {
  const known = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const first = known.get(key);
    if (first === undefined) known.set(key, item);
    else yield { item, first };
  }
}

/** All clusters of the inventory, each with its environment. */
export function clustersOf({ inventory }: Model): { readonly environment: Environment; readonly cluster: Cluster }[] {
  return inventory.environments.flatMap((environment) =>
    environment.clusters.map((cluster) => ({ environment, cluster })),
  );
}

/** The clusters of the selected workloads, each once, with its first selected workload. */
export function* clustersRunning(
  staged: readonly PlacedWorkload[],
  isSelected: (workload: Workload) => boolean,
): Generator<{ readonly environment: Environment; readonly cluster: Cluster; readonly workload: Workload }> {
  const seen = new Set<Cluster>();
  for (const { workload, clusters, environment } of staged) {
    if (!isSelected(workload)) continue;
    for (const cluster of clusters) {
      if (seen.has(cluster)) continue;
      seen.add(cluster);
      yield { environment, cluster, workload };
    }
  }
}

/** The written fields of all workloads and of all their overrides. */
export function* writtenFields({ written }: Pick<Model, 'written'>): Generator<{
  readonly key: string;
  readonly fields: WrittenWorkload | WrittenOverride;
  readonly path: readonly string[];
}> {
  for (const [key, workload] of Object.entries(written.workloads)) {
    yield { key, fields: workload, path: ['workloads', key] };
    for (const [environment, fields] of Object.entries(workload.overrides ?? {}))
      yield { key, fields, path: ['workloads', key, 'overrides', environment] };
  }
}

/** A field of a workload's role that is only for roles that exist, on a role that podlift creates. `verb`: what there is nothing to do. */
export function onCreatedRole({ at }: PlacedWorkload, field: string, verb: 'adopt' | 'keep'): RuleFinding {
  return {
    path: at('role', field),
    message: `${field} is on a role that podlift creates: there is nothing to ${verb}`,
    hint: `Write \`adopt: true\` (or \`manage: external\`) if the role exists, or remove ${field}.`,
  };
}

/** A finding for the key of an entry that no file defines. Without a key, or if the section is unreadable, there is none. */
export function* undefinedEntry(
  section: 'accounts' | 'environments' | 'waves',
  key: string | undefined,
  { defined }: Pick<Model, 'defined'>,
  path: Segments,
  at?: 'key',
): Generator<RuleFinding> {
  const known = defined[section];
  if (key === undefined || known.has(key) || defined.unreadable.has(section)) return;
  const noun = section.slice(0, -1);
  yield {
    path,
    message: `there is no ${noun} "${key}": ${didYouMean(key, known)}${section}: ${listed(known)}`,
    hint: `Correct the name, or add the ${noun} under \`${section}\`.`,
    ...(at && { at }),
  };
}

/** A managed policy or permissions boundary of a role, or the default boundary of an environment. */
export interface UsedPolicy {
  readonly arn: string;
  readonly environment: Environment;
  /** False for a stand-in environment. */
  readonly isReal: boolean;
  /** The account of the role. */
  readonly accountId: string;
  /** A permissions boundary, which is always an ARN. */
  readonly isBoundary: boolean;
  /** The adopted role has the policy attached. */
  readonly isImported: boolean;
  readonly path: () => Segments;
}

/** All used policies. A boundary of an environment is listed once, there. */
export function* usedPolicies({ inventory, holders }: Model): Generator<UsedPolicy> {
  for (const environment of inventory.environments) {
    const arn = environment.role.permissionsBoundary;
    const path = () => ['environments', environment.key, 'role', 'permissionsBoundary'];
    if (arn !== undefined)
      yield {
        ...{ arn, environment, isReal: true, accountId: environment.account.id, isBoundary: true, isImported: false },
        path,
      };
  }
  for (const { placed, isReal, target, permissions, field, accountId } of holders) {
    const { environment, workload, at } = placed;
    for (const [index, arn] of permissions.managedPolicies.entries())
      yield {
        ...{ arn, environment, isReal, accountId, isBoundary: false },
        isImported: target === undefined && workload.role.imports.managedPolicies.includes(arn),
        path: () => at(...field, ...managedPolicyPath(permissions, index)),
      };
    const arn = (target ?? workload).role.permissionsBoundary;
    const path = () => at(...field.slice(0, -1), 'role', 'permissionsBoundary');
    if (arn !== undefined && arn !== environment.role.permissionsBoundary)
      yield { arn, environment, isReal, accountId, isBoundary: true, isImported: false, path };
  }
}
