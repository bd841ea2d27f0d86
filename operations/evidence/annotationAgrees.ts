import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { ServiceAccountFacts } from '../kubernetes/KubernetesPort';
import { annotationRemedy, ROLE_ANNOTATION } from './annotationRemedy';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { kubectlPlace } from './places';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/** The service account on each cluster carries the role's annotation exactly where the stage says so. */
export const annotationAgrees: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const { namespace, serviceAccount } = workload;
      const question = {
        check: 'annotation-agrees',
        workload: workload.key,
        cluster: cluster.key,
        asked: `get serviceaccount ${serviceAccount.name} -n ${namespace}`,
        of: kubectlPlace(cluster),
      } as const;
      const wanted = partsAt(step, workload, step.from).serviceAccounts.find((one) => one.cluster === cluster.key);
      const answer = await ports
        .kubernetes(step.environment.key, cluster)
        .serviceAccount(namespace, serviceAccount.name);
      return judged(step, now, question, answer, (facts) => judge(step, cluster, wanted, facts));
    }),
  );

function judge(
  step: Step,
  cluster: Cluster,
  account: ServiceAccount | undefined,
  facts: ServiceAccountFacts | undefined,
): Verdict {
  const wanted = account?.annotations[ROLE_ANNOTATION];
  const found = facts?.annotations[ROLE_ANNOTATION];
  const remedy = account === undefined ? '' : annotationRemedy(step.environment.key, cluster, account);
  if (facts === undefined && wanted !== undefined)
    return { found: 'there is no such service account', holds: 'no', remedy };
  if (found === wanted)
    return {
      found: wanted === undefined ? `no annotation, as at ${step.from}` : `annotated, as at ${step.from}`,
      holds: 'yes',
    };
  // What Terraform cannot take away from an add-on: EKS goes by the association.
  if (wanted === undefined && account?.addon !== undefined)
    return { found: `add-on ${account.addon} keeps its annotation, which the association overrides`, holds: 'yes' };
  const should = wanted ?? `none at ${step.from}`;
  return {
    found: `${ROLE_ANNOTATION} is ${found ?? 'not there'}, should be ${should}`,
    holds: 'no',
    remedy,
  };
}
