import type { Segments } from '../Issue';
import type { HeldStatement, Model, Placed } from '../resolve/Model';
import { partitionOf } from '../resolve/partitionOf';
import { region as regionFormat } from './formats/region';
import type { Found, Rule } from './Rule';

/** Everything of an environment is in the partition of its region: IAM refuses ARNs of another. */
export const partitionMismatch: Rule = {
  name: 'partition-mismatch',
  severities: ['error'],
  what: "ARNs and regions are in the partition of their environment's region.",
  example: 'arn:aws:s3:::x is in partition aws, but environment prod (cn-north-1) is in aws-cn',
  *check(model) {
    for (const held of model.statements) yield* inStatement(held);
    for (const { permissions, placed, field } of model.holders) {
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
    const { key, account, role, clusters } = environment;
    if (account.deployRole !== undefined)
      yield* check(account.deployRole, environment, () => ['accounts', account.key, 'deployRole']);
    if (role.permissionsBoundary !== undefined) {
      yield* check(role.permissionsBoundary, environment, () => ['environments', key, 'role', 'permissionsBoundary']);
    }
    for (const cluster of clusters) {
      if (partitionOf(cluster.region) === environment.partition) continue;
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

function* check(text: string, environment: Where, path: () => Segments): Generator<Found> {
  if (!text.startsWith('arn:')) return;
  const [, partition = '', , region = ''] = text.split(':');
  if (!/[*?$]/.test(partition) && partition !== environment.partition) {
    yield mismatch(text, partition, environment, path());
  } else if (regionFormat.pattern.test(region) && partitionOf(region) !== environment.partition) {
    yield mismatch(`${text} names region ${region}, which`, partitionOf(region), environment, path());
  }
}

function mismatch(what: string, partition: string, environment: Where, path: Segments): Found {
  return {
    path,
    message: `${what} is in partition ${partition}, but environment ${environment.key} (${environment.region}) is in ${environment.partition}`,
    hint: 'Write {partition} in ARNs: it is replaced by the partition of each environment.',
  };
}
