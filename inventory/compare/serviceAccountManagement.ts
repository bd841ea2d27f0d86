import type { Found } from '../rules/Rule';
import { matched, type KeptWorkload } from './compare';
import type { CompareRule } from './CompareRule';
import { managedOn } from '../resolve/managedOn';

/** Who manages a service account may change: what stands is kept, and what Terraform would create must not exist. */
export const serviceAccountManagement: CompareRule = {
  name: 'service-account-management',
  severities: ['error', 'warning'],
  what: 'A service account that becomes `manage: create` is adopted, since it exists. One that podlift no longer manages stays as it is.',
  example: 'service account shop/api on main goes from annotate to create: it exists, and the apply would fail',
  *check({ workloads }) {
    for (const workload of workloads) if (!workload.released) yield* changed(workload);
  },
};

function* changed({ base, head, environment }: KeptWorkload): Generator<Found> {
  for (const cluster of matched(environment.base.clusters, environment.head.clusters).kept) {
    const { key } = cluster.head;
    if (!base.clusters.includes(key) || !head.clusters.includes(key)) continue;
    const [from, to] = [managedOn(base, cluster.base), managedOn(head, cluster.head)];
    if (from === to) continue;
    const account = `service account ${head.namespace}/${head.serviceAccount.name} on ${key}`;
    const path =
      base.serviceAccount.manage === head.serviceAccount.manage
        ? ['environments', environment.head.key, 'clusters', key]
        : ['workloads', head.key, 'serviceAccount'];
    if (to === 'create') {
      if (head.serviceAccount.adopt === true) continue;
      yield {
        path,
        message: `${account} goes from ${from} to create: it exists, and the apply would fail`,
        hint: `Write serviceAccount: { name: ${head.serviceAccount.name}, manage: create, adopt: true }: the account is imported, and nothing on it changes.`,
      };
    } else if (from === 'create' || to === 'none') {
      yield {
        severity: 'warning',
        path,
        message: `${account} goes from ${from} to ${to}: ${to === 'none' ? 'podlift no longer changes its annotation' : 'podlift no longer creates it'}`,
        hint:
          to === 'none'
            ? 'The apply deletes nothing: account and annotation stay as they are. From now on change the annotation by hand or in GitOps at each step.'
            : 'The apply deletes nothing: the account stays as it is. Have someone confirm who creates it from now on.',
      };
    }
  }
}
