import type { Segments } from '../../Finding';
import { region as regionFormat } from '../../formats/awsFormats';
import { fits } from '../../formats/Format';
import { type Account, type Environment, partitionOf } from '../../Inventory';
import type { Model } from '../../resolve/Model';
import { type RuleFinding, type Rule, usedPolicies } from '../Rule';
import { textsOf } from '../statements';

/** IAM refuses ARNs of another partition. */
export const partitionMismatch: Rule = {
  name: 'partition-mismatch',
  what: "ARNs, roles of accounts and regions (also of the state) are in the partition of their environment's region.",
  example: 'arn:aws:s3:::x is in partition aws, but environment prod (cn-north-1) is in aws-cn',
  *check(model) {
    for (const held of model.statements.filter(({ holder }) => holder.isReal))
      for (const { text, path } of textsOf(held)) yield* check(text, held.holder.placed.environment, path);
    for (const { arn, environment, isReal, path } of usedPolicies(model))
      if (isReal) yield* check(arn, environment, path);
    for (const { workload, environment } of model.placed)
      for (const { account } of workload.targets) yield* inAccount(account, environment);
    yield* inEnvironments(model);
  },
};

function* inEnvironments({ inventory }: Model): Generator<RuleFinding> {
  for (const environment of inventory.environments) {
    const { key, account, clusters, state } = environment;
    const path = ['environments', key];
    if (!fits(regionFormat, environment.region)) continue;
    if (state !== undefined && 's3' in state)
      yield* checkRegion(state.s3.region, environment, [...path, 'state', 's3', 'region']);
    yield* inAccount(account, environment);
    for (const cluster of clusters)
      yield* checkRegion(cluster.region, environment, [...path, 'clusters', cluster.key, 'region']);
  }
}

function* inAccount(account: Account, environment: Environment): Generator<RuleFinding> {
  for (const field of ['deployRole', 'readRole'] as const)
    yield* check(account[field], environment, () => ['accounts', account.key, field]);
}

function* checkRegion(region: string, environment: Environment, path: Segments): Generator<RuleFinding> {
  if (!fits(regionFormat, region) || partitionOf(region) === environment.partition) return;
  const partition = partitionOf(region);
  const hint = `Name a region of partition ${environment.partition}, or add another environment for ${partition}.`;
  yield mismatch(`region ${region}`, partition, environment, path, hint);
}

function* check(text: string | undefined, environment: Environment, path: () => Segments): Generator<RuleFinding> {
  // An invalid region has a finding already, and no partition.
  if (!text?.startsWith('arn:') || !fits(regionFormat, environment.region)) return;
  const [, partition = '', , region = ''] = text.split(':');
  if (!/[*?${]/.test(partition) && partition !== environment.partition) {
    yield mismatch(text, partition, environment, path());
  } else if (regionFormat.pattern.test(region) && partitionOf(region) !== environment.partition) {
    yield mismatch(`${text} names region ${region}, which`, partitionOf(region), environment, path());
  }
}

function mismatch(
  what: string,
  partition: string,
  environment: Environment,
  path: Segments,
  hint = 'Write {partition} in ARNs: podlift replaces it by the partition of each environment.',
): RuleFinding {
  return {
    path,
    message: `${what} is in partition ${partition}, but environment ${environment.key} (${environment.region}) is in ${environment.partition}`,
    hint,
  };
}
