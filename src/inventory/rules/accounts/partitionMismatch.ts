import type { Account } from '../../Inventory';
import type { Segments } from '../../Issue';
import type { HeldStatement, Model, Placed } from '../../resolve/Model';
import { partitionOf } from '../../resolve/partitionOf';
import { fits } from '../../formats/Format';
import { region as regionFormat } from '../../formats/awsFormats';
import type { Found, Rule } from '../Rule';

/** Everything of an environment is in the partition of its region: IAM refuses ARNs of another. */
export const partitionMismatch: Rule = {
  name: 'partition-mismatch',
  severities: ['error'],
  what: "ARNs, roles of accounts and regions, that of the state too, are in the partition of their environment's region.",
  example: 'arn:aws:s3:::x is in partition aws, but environment prod (cn-north-1) is in aws-cn',
  *check(model) {
    for (const held of model.statements) if (held.holder.placed.isReal) yield* inStatement(held);
    for (const { permissions, placed, field } of model.holders) {
      if (!placed.isReal) continue;
      for (const [index, policy] of permissions.managedPolicies.entries()) {
        yield* check(policy, placed.environment, () => placed.at(...field, 'managedPolicies', index));
      }
    }
    for (const placed of model.placed) yield* inRoles(placed);
    yield* inEnvironments(model);
  },
};

type Where = Placed['environment'];

function* inStatement({ statement, holder, at }: HeldStatement): Generator<Found> {
  const { environment } = holder.placed;
  for (const [index, resource] of statement.resources.entries())
    yield* check(resource, environment, () => at('resources', index));
  for (const [operator, keys] of Object.entries(statement.conditions ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      if (typeof value === 'string') yield* check(value, environment, () => at('conditions', operator, key));
      else
        for (const [index, item] of value.entries())
          yield* check(item, environment, () => at('conditions', operator, key, index));
    }
  }
}

/** A boundary that comes from the environment is looked at there. */
function* inRoles({ workload, environment, at }: Placed): Generator<Found> {
  const inherited = environment.role.permissionsBoundary;
  for (const { account } of workload.targets) yield* inAccount(account, environment);
  for (const [role, field] of [
    [workload.role, ['role']] as const,
    ...workload.targets.map((target) => [target.role, ['targets', target.key, 'role']] as const),
  ]) {
    const { permissionsBoundary } = role;
    if (permissionsBoundary === undefined || permissionsBoundary === inherited) continue;
    yield* check(permissionsBoundary, environment, () => at(...field, 'permissionsBoundary'));
  }
}

function* inEnvironments({ inventory }: Model): Generator<Found> {
  for (const environment of inventory.environments) {
    const { key, account, role, clusters, state } = environment;
    if (!fits(regionFormat, environment.region)) continue;
    if (state && fits(regionFormat, state.s3.region) && partitionOf(state.s3.region) !== environment.partition) {
      const { region } = state.s3;
      yield mismatch(`region ${region}`, partitionOf(region), environment, [
        'environments',
        key,
        'state',
        's3',
        'region',
      ]);
    }
    yield* inAccount(account, environment);
    if (role.permissionsBoundary !== undefined) {
      yield* check(role.permissionsBoundary, environment, () => ['environments', key, 'role', 'permissionsBoundary']);
    }
    for (const cluster of clusters) {
      if (!fits(regionFormat, cluster.region) || partitionOf(cluster.region) === environment.partition) continue;
      yield mismatch(`region ${cluster.region}`, partitionOf(cluster.region), environment, [
        'environments',
        key,
        'clusters',
        cluster.key,
        'region',
      ]);
    }
  }
}

function* inAccount(account: Account, environment: Where): Generator<Found> {
  for (const field of ['deployRole', 'readRole'] as const) {
    const role = account[field];
    if (role !== undefined) yield* check(role, environment, () => ['accounts', account.key, field]);
  }
}

function* check(text: string, environment: Where, path: () => Segments): Generator<Found> {
  // A region that is none has a finding of its own, and no partition.
  if (!text.startsWith('arn:') || !fits(regionFormat, environment.region)) return;
  const [, partition = '', , region = ''] = text.split(':');
  if (!/[*?${]/.test(partition) && partition !== environment.partition) {
    yield mismatch(text, partition, environment, path());
  } else if (regionFormat.pattern.test(region) && partitionOf(region) !== environment.partition) {
    yield mismatch(`${text} names region ${region}, which`, partitionOf(region), environment, path());
  }
}

function mismatch(what: string, partition: string, environment: Where, path: Segments): Found {
  const isRegion = what.startsWith('region ');
  return {
    path,
    message: `${what} is in partition ${partition}, but environment ${environment.key} (${environment.region}) is in ${environment.partition}`,
    hint: isRegion
      ? `Name a region of partition ${environment.partition}, or make another environment for ${partition}.`
      : 'Write {partition} in ARNs: it is replaced by the partition of each environment.',
  };
}
