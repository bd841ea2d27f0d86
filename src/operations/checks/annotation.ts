import { podAccess } from '../../comparison/access';
import {
  type AnnotationMismatch,
  AUDIENCE_ANNOTATION,
  compareAnnotation,
  ROLE_ANNOTATION,
  roleAnnotation,
} from '../../comparison/annotation';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { ask, need } from '../../estate/ask';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { STAGES } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { annotationRemedy, repeatingOwnersNote } from '../annotationRemedy';
import { removeAudience } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  isBack,
  judgedRow,
  note,
  pass,
  problem,
  type WorkloadOnCluster,
  podsOf,
} from './Check';

/**
 * The service account carries the role's annotation where the stage says so, and not where it is gone. Before a step forward to a stage without
 * the annotation, the result also names the field managers that set it again after the step.
 */
export const annotation: CheckFunction = (subject) => {
  const wanted = subject.parts.serviceAccounts.find((one) => one.cluster === subject.cluster.key);
  if (wanted === undefined) return [];
  if (isBack(subject) && judgedRow(subject).newPodUses === 'pod-identity') return backToAssociation(subject, wanted);
  return need([subject.questions.serviceAccount], (found) => judge(subject, wanted, found));
};

/** While the association exists, the annotation decides nothing: whatever the annotation is, the step back takes no credentials. */
function backToAssociation(subject: WorkloadOnCluster, wanted: ServiceAccount): CheckAsk {
  const why =
    'After the step, pods use the association, whatever the annotation is. Later steps back check the annotation.';
  return ask([subject.questions.serviceAccount], (answer) => {
    if (!answer.ok) return note(`could not read the service account: ${answer.message}`, why);
    const [mismatch] = compareAnnotation(wanted, answer.value);
    if (mismatch === undefined) return pass(`the annotation is that of ${subject.workload.stage}`);
    if (answer.value === undefined) return note(`there is no service account ${wanted.namespace}/${wanted.name}`, why);
    return note(annotationText(subject, mismatch), why);
  });
}

function annotationText({ workload }: WorkloadOnCluster, mismatch: AnnotationMismatch): string {
  const is = mismatch.found === undefined ? 'is not there' : `is ${inSentence(mismatch.found)}`;
  return `${ROLE_ANNOTATION} ${is}, should be ${mismatch.wanted ?? `none at ${workload.stage}`}`;
}

/** How a service account gets the annotation of its stage. */
export function remedyFor(
  { environment, cluster, workload }: WorkloadOnCluster,
  account: ServiceAccount,
  found: ServiceAccountFacts | undefined,
) {
  return annotationRemedy({ environment: environment.key, cluster, account, stage: workload.stage }, found).remedy;
}

function judge(subject: WorkloadOnCluster, wanted: ServiceAccount, found: ServiceAccountFacts | undefined): Checked {
  const { workload, row, next } = subject;
  const { namespace, name } = wanted;
  const [mismatch] = compareAnnotation(wanted, found);
  if (found === undefined) {
    // Without a step, service-account says so.
    if (next === undefined) return [];
    return mismatch === undefined
      ? pass(`no service account ${namespace}/${name}, and none is needed`)
      : problem(`there is no service account ${namespace}/${name}`, remedyFor(subject, wanted, found));
  }
  const irsaNow = row.newPodUses === 'irsa';
  const state = irsaNow || next !== undefined ? 'problem' : 'warning';
  const failed: CheckResult[] = [];
  if (mismatch !== undefined) {
    const wins = irsaNow ? '' : '. While the association exists, pods use the association';
    failed.push(fail(state, `${annotationText(subject, mismatch)}${wins}`, remedyFor(subject, wanted, found)));
  }
  const role = roleAnnotation(wanted);
  const audience = found.annotations[AUDIENCE_ANNOTATION];
  if (next === undefined && role !== undefined && audience !== undefined && audience !== IRSA_AUDIENCE)
    return [...failed, ofAudience(subject, state, audience)];
  if (failed.length > 0) return failed;
  if (roleAnnotation(found) !== role)
    return pass(`add-on ${wanted.addon ?? ''} keeps its annotation, which the association overrides`);
  const text = role === undefined ? `no annotation, as at ${workload.stage}` : 'annotated with this role';
  const goes =
    next !== undefined && !STAGE_TABLE[next].annotation && STAGES.indexOf(next) >= STAGES.indexOf(workload.stage);
  const remedy = goes ? repeatingOwnersNote(wanted, found) : undefined;
  return pass(text, remedy === undefined ? {} : { remedy, due: 'before-step' });
}

/** The service account names another audience than podlift's stages ask for. The trust policy in AWS decides whether its pods get the role with it. */
function ofAudience(subject: WorkloadOnCluster, state: 'problem' | 'warning', audience: string): CheckAsk {
  const { environment, cluster, parts, questions, now } = subject;
  return need([questions.serviceAccount, questions.role], (_, role) => {
    // Without the role, the check role says so.
    if (role?.arn !== parts.role.arn) return [];
    const access = podAccess(role, environment, { ...podsOf(subject), audience }, cluster, 'irsa', now);
    switch (access.result) {
      case 'allowed':
        return pass(`annotated with this role; the trust policy allows tokens for ${inSentence(audience)}`);
      case 'depends':
        return depends(`whether the trust policy allows tokens for ${inSentence(audience)}`, access.dependsOn);
      case 'denied':
        // Where tokens for the usual audience are denied too, the audience did not decide: the check trust says what did.
        if (podAccess(role, environment, podsOf(subject), cluster, 'irsa', now).result === 'denied') return [];
        return fail(
          state,
          `${AUDIENCE_ANNOTATION} is ${inSentence(audience)}, and the trust policy asks for ${IRSA_AUDIENCE}`,
          ['Remove the annotation:', removeAudience(cluster, subject.serviceAccount)],
        );
    }
  });
}
