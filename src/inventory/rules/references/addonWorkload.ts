import type { Addon, Cluster, Environment } from '../../Inventory';
import type { Segments } from '../../Issue';
import type { Model, Placed } from '../../resolve/Model';
import { didYouMean, listed } from '../../suggest';
import type { Found, Rule } from '../Rule';

/**
 * An add-on makes its service accounts and their associations itself: what it takes is a service account and a role, no target role and
 * no session tags, and one IRSA role for all. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonPodIdentityAssociations.html
 */
export const addonWorkload: Rule = {
  name: 'addon-workload',
  severities: ['error'],
  what: "A service account of an add-on belongs to a workload that runs on the cluster, has that service account, and asks for no more than an add-on's association can say; with several, none is on IRSA.",
  example: 'add-on aws-ebs-csi-driver names workload "ebs", which the inventory does not have',
  *check(model) {
    for (const environment of model.inventory.environments) {
      for (const cluster of environment.clusters) yield* inCluster(model, environment, cluster);
    }
  },
};

function* inCluster(model: Model, environment: Environment, cluster: Cluster): Generator<Found> {
  const owner = new Map<string, string>();
  for (const addon of cluster.addons) {
    const at = (...rest: Segments): Segments => [
      ...['environments', environment.key, 'clusters', cluster.key, 'addons', addon.name],
      ...rest,
    ];
    const owned: Placed[] = [];
    for (const [account, key] of Object.entries(addon.serviceAccounts)) {
      const path = at('serviceAccounts', account);
      const before = owner.get(key);
      if (before !== undefined) {
        yield {
          path,
          message: `workload "${key}" has a service account of ${before} already`,
          hint: 'Give each service account a workload of its own.',
        };
        continue;
      }
      owner.set(key, `add-on ${addon.name}`);
      const placed = model.placed.find(
        ({ workload, environment: where, isReal }) =>
          isReal && workload.key === key && where.key === environment.key && workload.clusters.includes(cluster.key),
      );
      if (placed === undefined) {
        yield unknown(model, addon, key, cluster, environment, path);
        continue;
      }
      owned.push(placed);
      yield* unfit(placed, addon, account, path);
    }
    const onIrsa = owned.find(({ workload: { stage } }) => ['irsa', 'prepared', 'dual'].includes(stage));
    if (owned.length > 1 && onIrsa !== undefined) {
      yield {
        path: at('serviceAccounts'),
        message: `add-on ${addon.name} has ${owned.length} workloads, and "${onIrsa.workload.key}" is at ${onIrsa.workload.stage}: EKS gives an add-on one IRSA role`,
        hint: 'Take all of them past dual together; of an add-on that is adopted, name every service account that it has: the next apply takes the associations of the others away.',
      };
    }
  }
}

function unknown(
  { defined }: Model,
  { name }: Addon,
  key: string,
  cluster: Cluster,
  environment: Environment,
  path: Segments,
): Found {
  return {
    path,
    message: defined.workloads.has(key)
      ? `add-on ${name} names workload "${key}", which does not run on cluster "${cluster.key}" in ${environment.key}`
      : `add-on ${name} names workload "${key}", which the inventory does not have: ${didYouMean(key, defined.workloads)}workloads: ${listed(defined.workloads)}`,
    hint: 'Name a workload of this cluster by its key.',
  };
}

function* unfit({ workload }: Placed, addon: Addon, account: string, path: Segments): Generator<Found> {
  const { key, serviceAccount, sessionTags, targets } = workload;
  if (serviceAccount.name !== account) {
    yield {
      path,
      message: `workload "${key}" has service account ${serviceAccount.name}, not ${account} of add-on ${addon.name}`,
      hint: 'Name the workload whose service account the add-on makes.',
    };
  }
  if (!sessionTags) {
    yield {
      path,
      message: `workload "${key}" turns session tags off, which an association of an add-on cannot`,
      hint: 'Take `sessionTags: false` out of the workload.',
    };
  }
  const chained = targets.find(({ via }) => via === 'association');
  if (chained !== undefined) {
    yield {
      path,
      message: `target "${chained.key}" of workload "${key}" is via association, which an association of an add-on cannot be`,
      hint: 'Take the target out, or make it via workload.',
    };
  }
}
