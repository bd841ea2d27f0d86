import type { Workload } from '../../Inventory';
import { isPast } from '../../resolve/isPast';
import type { KeptWorkload } from '../compare';
import type { CompareRule } from '../CompareRule';
import { managedOn } from '../../resolve/managedOn';

/** The service account under a workload stays where pods depend on it, or where Terraform would delete it. */
export const serviceAccountSwapped: CompareRule = {
  name: 'service-account-swapped',
  severities: ['error'],
  what: 'A workload keeps its namespace and its service account once it is past `irsa`, or where Terraform manages the account.',
  example: 'workload "api" goes from service account shop/api to shop/web in prod',
  *check({ workloads }) {
    for (const workload of workloads) {
      const { base, head, environment, released } = workload;
      const [from, to] = [base, head].map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount.name}`);
      // A release with other changes is a finding of its own.
      if (from === to || released) continue;
      const loses = lossOf(workload);
      if (loses === undefined) continue;
      yield {
        path: ['workloads', head.key, base.namespace === head.namespace ? 'serviceAccount' : 'namespace'],
        message: `workload "${head.key}" goes from service account ${from} to ${to} in ${environment.head.key}: ${loses}`,
        hint: 'Add a second workload for the new service account, move the pods, then release the first.',
      };
    }
  },
};

function lossOf({ base, environment }: KeptWorkload): string | undefined {
  if (isPast(base.stage, 'irsa')) return 'pods of the old one would be denied';
  const managed = manageOf(base, environment.base.clusters);
  if (managed.includes('create')) return 'the next apply would delete the old one';
  return managed.includes('annotate') ? 'the next apply would remove the annotation of the old one' : undefined;
}

function manageOf(workload: Workload, clusters: KeptWorkload['environment']['base']['clusters']) {
  return clusters.filter(({ key }) => workload.clusters.includes(key)).map((cluster) => managedOn(workload, cluster));
}
