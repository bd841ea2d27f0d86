import type { AnnotatedAccount } from '../annotationRemedy';
import { annotationRemedy } from '../evidence/annotationRemedy';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Patient } from './Patient';

/** The patient's service account as the blueprint has it, with its stage. Throws where the patient's cluster does not run the workload. */
export function annotatedPlace({ environment, cluster, parts, workload }: Patient): AnnotatedAccount {
  const account = parts.serviceAccounts.find((one) => one.cluster === cluster.key);
  if (account === undefined) throw new Error(`${workload.key} has no service account on ${cluster.key}`);
  return { environment: environment.key, cluster, account, stage: workload.stage };
}

/** How the account gets the annotation that its stage has; nothing that applies where an apply would cost running pods their role. */
export function annotationMends(patient: Patient, facts: ServiceAccountFacts | undefined): string {
  const { remedy, apply } = annotationRemedy(annotatedPlace(patient), facts);
  return apply === undefined ? remedy : (patient.mustNotApply ?? remedy);
}
