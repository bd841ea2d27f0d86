import { compareAnnotation, ROLE_ANNOTATION, roleAnnotation } from '../../comparison/annotation';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { need } from '../../estate/ask';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { STAGES } from '../../inventory/Inventory';
import { annotationRemedy, repeatingOwnersNote } from '../annotationRemedy';
import { kubectl, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';

/** Source: aws/amazon-eks-pod-identity-webhook, README. */
const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

/**
 * The service account carries the role's annotation where the stage says so, and not where it is gone. Before a step forward to a stage without
 * the annotation, the result also names the field managers that set it again after the step.
 */
export const annotation: CheckFunction = (subject) => {
  const { workload, cluster, parts } = subject;
  const wanted = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (wanted === undefined) return [];
  const { namespace, serviceAccount } = workload;
  return [
    need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name: serviceAccount.name }], (found) =>
      judge(subject, wanted, found),
    ),
  ];
};

/** How a service account gets the annotation of its stage. */
export function remedyOf(
  { environment, cluster, workload }: WorkloadOnCluster,
  account: ServiceAccount,
  found: ServiceAccountFacts | undefined,
) {
  return annotationRemedy({ environment: environment.key, cluster, account, stage: workload.stage }, found).remedy;
}

function judge(
  subject: WorkloadOnCluster,
  wanted: ServiceAccount,
  found: ServiceAccountFacts | undefined,
): readonly CheckResult[] {
  const { workload, row, next } = subject;
  const [mismatch] = compareAnnotation(wanted, found);
  const name = `${wanted.namespace}/${wanted.name}`;
  if (found === undefined) {
    // Without a step, service-account says so.
    if (next === undefined) return [];
    return mismatch === undefined
      ? [pass(`no service account ${name}, and none is needed`)]
      : [fail('problem', `there is no service account ${name}`, remedyOf(subject, wanted, found))];
  }
  const irsaNow = row.newPodUses === 'irsa';
  const state = irsaNow ? 'problem' : 'warning';
  const failed: CheckResult[] = [];
  if (mismatch !== undefined) {
    const is = mismatch.found === undefined ? 'is not there' : `is ${mismatch.found}`;
    const should = mismatch.wanted ?? `none at ${workload.stage}`;
    const wins = irsaNow ? '' : '. While the association exists, pods use the association';
    failed.push(fail(state, `${ROLE_ANNOTATION} ${is}, should be ${should}${wins}`, remedyOf(subject, wanted, found)));
  }
  const role = roleAnnotation(wanted);
  const audience = found.annotations[AUDIENCE_ANNOTATION];
  if (next === undefined && role !== undefined && audience !== undefined && audience !== IRSA_AUDIENCE)
    failed.push(
      fail(state, `${AUDIENCE_ANNOTATION} is ${audience}, and the trust policy asks for ${IRSA_AUDIENCE}`, [
        say('Remove the annotation:'),
        kubectl(
          subject.cluster,
          wanted.namespace,
          'annotate',
          'serviceaccount',
          wanted.name,
          `${AUDIENCE_ANNOTATION}-`,
        ),
      ]),
    );
  if (failed.length > 0) return failed;
  if (roleAnnotation(found) !== role)
    return [pass(`add-on ${wanted.addon ?? ''} keeps its annotation, which the association overrides`)];
  return [
    pass(
      role === undefined ? `no annotation, as at ${workload.stage}` : 'annotated with this role',
      noteBefore(subject, wanted, found),
    ),
  ];
}

function noteBefore(
  { workload, next }: WorkloadOnCluster,
  wanted: ServiceAccount,
  found: ServiceAccountFacts,
): Pick<CheckResult, 'remedy' | 'due'> {
  if (next === undefined || STAGE_TABLE[next].annotation) return {};
  if (STAGES.indexOf(next) < STAGES.indexOf(workload.stage)) return {};
  const remedy = repeatingOwnersNote(wanted, found);
  return remedy === undefined ? {} : { remedy, due: 'before-step' };
}
