import type { Cluster, ManageServiceAccount, Workload } from '../../Inventory';
import { managedOn } from '../../resolve/managedOn';
import type { Found } from '../../rules/Rule';
import { type Comparison, type Kept, type KeptWorkload, matched } from '../compare';
import type { CompareRule } from '../CompareRule';

/** Who manages a service account may change: what stands is kept, and what Terraform would create must not exist. */
export const serviceAccountManagement: CompareRule = {
  name: 'service-account-management',
  severities: ['error', 'warning'],
  what: 'A service account that becomes `manage: create` is adopted, since it exists. `kubernetes` leaves a cluster only where all accounts are `none`.',
  example: 'service account shop/api on main goes from annotate to create: it exists, and the apply would fail',
  *check(comparison) {
    yield* contextsRemoved(comparison);
    for (const workload of comparison.workloads) if (!workload.released) yield* changed(workload);
  },
};

/** Without its context a cluster has no stack: the state keeps what it had, and an apply after the context is back would delete that. */
function* contextsRemoved({ environments }: Comparison): Generator<Found> {
  for (const environment of environments.kept) {
    for (const { base, head } of matched(environment.base.clusters, environment.head.clusters).kept) {
      if (base.kubernetes === undefined || head.kubernetes !== undefined) continue;
      const managed = environment.base.workloads.filter(
        (workload) => workload.clusters.includes(base.key) && managedOn(workload, base) !== 'none',
      );
      if (managed.length === 0) continue;
      yield {
        path: ['environments', environment.head.key, 'clusters', head.key],
        message: `kubernetes leaves cluster "${head.key}" of ${environment.head.key}, while Terraform has the service accounts of ${managed.map(({ key }) => `"${key}"`).join(', ')} in its state`,
        hint: 'Write manage: none for these workloads first and apply: Terraform then forgets the accounts. After that remove kubernetes.',
      };
    }
  }
}

function* changed({ base, head, environment }: KeptWorkload): Generator<Found> {
  for (const cluster of matched(environment.base.clusters, environment.head.clusters).kept) {
    const { key } = cluster.head;
    if (!base.clusters.includes(key) || !head.clusters.includes(key)) continue;
    // Accounts of a cluster that loses its context have one finding together.
    if (cluster.base.kubernetes !== undefined && cluster.head.kubernetes === undefined) continue;
    yield* changedOn(base, head, cluster, environment.head.key);
  }
}

function* changedOn(base: Workload, head: Workload, cluster: Kept<Cluster>, environment: string): Generator<Found> {
  const [from, to] = [managedOn(base, cluster.base), managedOn(head, cluster.head)];
  if (from === to || (to === 'create' && head.serviceAccount.adopt === true)) return;
  const { key } = cluster.head;
  const account = `service account ${head.namespace}/${head.serviceAccount.name} on ${key}`;
  const path =
    base.serviceAccount.manage === head.serviceAccount.manage
      ? ['environments', environment, 'clusters', key]
      : ['workloads', head.key, 'serviceAccount'];
  if (to === 'create') {
    yield {
      path,
      message: `${account} goes from ${from} to create: it exists, and the apply would fail`,
      hint: `Write serviceAccount: { name: ${head.serviceAccount.name}, manage: create, adopt: true }: the account is imported, and nothing on it changes.`,
      about: head.key,
    };
  } else if (from !== 'none') {
    yield { severity: 'warning', path, ...lettingGo(account, from, to), about: head.key };
  }
}

function lettingGo(account: string, from: ManageServiceAccount, to: ManageServiceAccount) {
  if (to === 'none')
    return {
      message: `${account} goes from ${from} to ${to}: podlift no longer changes its annotation`,
      hint: 'The apply deletes nothing: account and annotation stay as they are. From now on change the annotation by hand or in GitOps at each step.',
    };
  return {
    message: `${account} goes from ${from} to ${to}: podlift no longer creates it`,
    hint: 'The apply deletes nothing: the account stays as it is. Have someone confirm who creates it from now on.',
  };
}
