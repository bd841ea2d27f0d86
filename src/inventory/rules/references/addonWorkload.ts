import { type Addon, type Cluster, type Environment, subjectName, subjectsOn } from '../../Inventory';
import type { Segments } from '../../Finding';
import type { Model, PlacedWorkload } from '../../resolve/Model';
import { didYouMean, listed } from '../../suggest';
import type { RuleFinding, Rule } from '../Rule';

/**
 * An add-on creates its service accounts and their associations itself. Its configuration has a service account and a role for each, no
 * target role, no setting for session tags, and one IRSA role for all. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonPodIdentityAssociations.html
 */
export const addonWorkload: Rule = {
  name: 'addon-workload',
  what: 'A service account of an add-on belongs to a workload on the cluster with this service account, and without settings that an add-on’s association lacks. With several workloads, none uses IRSA.',
  example: 'add-on aws-ebs-csi-driver names workload "ebs", which does not exist',
  *check(model) {
    for (const environment of model.inventory.environments) {
      for (const cluster of environment.clusters) yield* inCluster(model, environment, cluster);
    }
  },
};

function* inCluster(model: Model, environment: Environment, cluster: Cluster): Generator<RuleFinding> {
  const owner = new Map<string, string>();
  for (const addon of cluster.addons) {
    const at = (...rest: Segments): Segments => [
      ...['environments', environment.key, 'clusters', cluster.key, 'addons', addon.name],
      ...rest,
    ];
    const owned: PlacedWorkload[] = [];
    for (const [account, key] of Object.entries(addon.serviceAccounts)) {
      const path = at('serviceAccounts', account);
      const before = owner.get(key);
      if (before !== undefined && before !== addon.name) {
        yield {
          path,
          message: `workload "${key}" already has a service account of add-on ${before}`,
          hint: 'Give the service accounts of each add-on a workload of their own.',
        };
        continue;
      }
      owner.set(key, addon.name);
      const placed = model.placed.find(
        ({ workload, environment: where }) =>
          workload.key === key && where.key === environment.key && workload.clusters.includes(cluster.key),
      );
      if (placed === undefined) {
        const { workloads } = model.defined;
        yield {
          path,
          message: workloads.has(key)
            ? `add-on ${addon.name} names workload "${key}", which does not run on cluster "${cluster.key}" in ${environment.key}`
            : `add-on ${addon.name} names workload "${key}", which does not exist: ${didYouMean(key, workloads)}workloads: ${listed(workloads)}`,
          hint: 'Write the key of a workload on this cluster.',
        };
        continue;
      }
      if (!owned.includes(placed)) owned.push(placed);
      yield* unfit(placed, cluster, addon, account, path);
    }
    const onIrsa = owned.find(({ workload: { stage } }) => ['irsa', 'prepared', 'dual'].includes(stage));
    if (owned.length > 1 && onIrsa !== undefined) {
      yield {
        path: at('serviceAccounts'),
        message: `add-on ${addon.name} has ${owned.length} workloads, and "${onIrsa.workload.key}" is at ${onIrsa.workload.stage}: EKS gives an add-on one IRSA role`,
        hint: 'Move all of them past dual together. For an adopted add-on, list all its service accounts: the next apply removes the associations of others.',
      };
    }
  }
}

function* unfit(
  { workload }: PlacedWorkload,
  cluster: Cluster,
  addon: Addon,
  account: string,
  path: Segments,
): Generator<RuleFinding> {
  const { key, sessionTags, targets } = workload;
  const there = subjectsOn(workload, cluster);
  const names = there.map(({ name }) => name);
  const same = there.filter(({ name }) => name === account);
  if (same.length > 1) {
    yield {
      path,
      message: `workload "${key}" has ${same.map(subjectName).join(' and ')}, and add-on ${addon.name} creates one of them: the others would get no association`,
      hint: 'Keep the service account that the add-on creates, and give the others a workload of their own.',
    };
  }
  if (!names.includes(account)) {
    yield {
      path,
      message: `workload "${key}" has service account ${names.join(', ')}, not ${account} of add-on ${addon.name}`,
      hint: 'Name the workload with the service account that the add-on creates.',
    };
  }
  if (!sessionTags) {
    yield {
      path,
      message: `workload "${key}" disables session tags, which an add-on’s association cannot`,
      hint: 'Remove `sessionTags: false` from the workload.',
    };
  }
  const chained = targets.find(({ via }) => via === 'association');
  if (chained !== undefined) {
    yield {
      path,
      message: `target "${chained.key}" of workload "${key}" is via association, which an add-on’s association cannot have`,
      hint: 'Remove the target, or write via: workload.',
    };
  }
}
