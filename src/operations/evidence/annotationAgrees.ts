import type { ServiceAccount } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster } from '../../inventory/Inventory';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { roleAnnotation } from '../../estate/kubernetes/roleAnnotation';
import { annotationRemedy, isMissing, keepsAnnotation, repeatingOwnersNote } from './annotationRemedy';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { kubectlPlace } from './places';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/**
 * The service account on each cluster carries the role's annotation exactly where the stage says so. Before a step forward to a stage without
 * the annotation, the evidence also names the field managers that set it again after the step.
 */
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
      const account = partsAt(step, workload, step.from).serviceAccounts.find((one) => one.cluster === cluster.key);
      const answer = await ports
        .kubernetes(step.environment.key, cluster)
        .serviceAccount(namespace, serviceAccount.name);
      return judged(step, now, question, answer, (facts) =>
        account === undefined
          ? { found: 'no service account is asked for', holds: 'yes' }
          : judge(step, cluster, account, facts),
      );
    }),
  );

function judge(step: Step, cluster: Cluster, account: ServiceAccount, facts: ServiceAccountFacts | undefined): Verdict {
  const { environment, from: stage } = step;
  const wanted = roleAnnotation(account);
  const found = roleAnnotation(facts);
  const { remedy } = annotationRemedy({ environment: environment.key, cluster, account, stage }, facts);
  if (isMissing(account, facts)) return { found: 'there is no such service account', holds: 'no', remedy };
  if (found === wanted)
    return {
      found: wanted === undefined ? `no annotation, as at ${stage}` : `annotated, as at ${stage}`,
      holds: 'yes',
      ...noteBefore(step, account, facts),
    };
  if (keepsAnnotation(account))
    return {
      found: `add-on ${account.addon ?? ''} keeps its annotation, which the association overrides`,
      holds: 'yes',
    };
  const should = wanted ?? `none at ${stage}`;
  return { found: `${ROLE_ANNOTATION} is ${found ?? 'not there'}, should be ${should}`, holds: 'no', remedy };
}

function noteBefore(
  { direction, to }: Step,
  account: ServiceAccount,
  facts: ServiceAccountFacts | undefined,
): Pick<Verdict, 'remedy' | 'remedyDue'> {
  if (direction === 'back' || STAGE_TABLE[to].annotation) return {};
  const remedy = repeatingOwnersNote(account, facts);
  return remedy === undefined ? {} : { remedy, remedyDue: 'before-step' };
}
