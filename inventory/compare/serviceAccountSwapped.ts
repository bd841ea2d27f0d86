import { isPast } from '../resolve/isPast';
import type { CompareRule } from './CompareRule';

/** The service account under a workload that has left `irsa` stays. */
export const serviceAccountSwapped: CompareRule = {
  name: 'service-account-swapped',
  severities: ['error'],
  what: 'A workload past `irsa` keeps its namespace and its service account.',
  example: 'workload "api" goes from service account shop/api to shop/web in prod',
  *check({ workloads }) {
    for (const { base, head, environment } of workloads) {
      const [from, to] = [base, head].map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount.name}`);
      if (from === to || !isPast(base.stage, 'irsa')) continue;
      yield {
        path: ['workloads', head.key, base.namespace === head.namespace ? 'serviceAccount' : 'namespace'],
        message: `workload "${head.key}" goes from service account ${from} to ${to} in ${environment.head.key}: pods of the old one would be denied`,
        hint: 'Add a second workload for the new service account, move the pods, then remove the first.',
      };
    }
  },
};
