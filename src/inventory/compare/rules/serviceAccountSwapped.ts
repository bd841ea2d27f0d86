import { isPast, managedOn, type Workload } from '../../Inventory';
import type { CompareRule, KeptWorkload } from '../compare';

export const serviceAccountSwapped: CompareRule = {
  name: 'service-account-swapped',
  what: 'A workload past `irsa`, or with an account that Terraform manages, keeps its namespace and its service account.',
  example:
    'workload "api" changes its service account from shop/api to shop/web in prod: pods of the old one would be denied',
  *check({ workloads }) {
    for (const workload of workloads) {
      const { base, head, environment, released } = workload;
      const [from, to] = [base, head].map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount.name}`);
      // A release with other changes is another finding.
      if (from === to || released) continue;
      const loses = lossOf(workload);
      if (loses === undefined) continue;
      yield {
        path: ['workloads', head.key, base.namespace === head.namespace ? 'serviceAccount' : 'namespace'],
        message: `workload "${head.key}" changes its service account from ${from} to ${to} in ${environment.head.key}: ${loses}`,
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
