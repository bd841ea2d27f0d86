import { IRSA_AUDIENCE } from '../../../blueprint/sourceTrust';
import { shellWord } from '../../evidence/shellWord';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { applyStage, ill, kubectlLook, well } from '../judgement';
import type { Patient } from '../Patient';
import { blueprintAccount, serviceAccountStacks } from './serviceAccount';

/** Source: aws/amazon-eks-pod-identity-webhook, README. */
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

/** The service account carries the role's annotation where the stage says so, and not where it is gone. */
export const annotation: Judge = (patient, { serviceAccount }) => {
  if (!serviceAccount.ok || serviceAccount.value === undefined) return [];
  const { annotations } = serviceAccount.value;
  const { workload, row } = patient;
  const { name } = workload.serviceAccount;
  const look = kubectlLook(patient, `get serviceaccount ${shellWord(name)} -o yaml`, workload.namespace);
  const wanted = blueprintAccount(patient)?.annotations[ROLE_ANNOTATION];
  const found = annotations[ROLE_ANNOTATION];
  const judged: Judgement[] = [];
  if (found !== wanted) {
    const irsaNow = row.newPodUses === 'irsa';
    const what = found === undefined ? 'is not there' : `is ${found}`;
    judged.push(
      ill(
        look,
        irsaNow ? 'problem' : 'warning',
        `${ROLE_ANNOTATION} ${what}, should be ${wanted ?? `gone at ${workload.stage}`}${irsaNow ? '' : ': the association wins while it stands'}`,
        mends(patient, wanted),
      ),
    );
  }
  const audience = annotations[AUDIENCE_ANNOTATION];
  if (wanted !== undefined && audience !== undefined && audience !== IRSA_AUDIENCE)
    judged.push(
      ill(
        look,
        row.newPodUses === 'irsa' ? 'problem' : 'warning',
        `${AUDIENCE_ANNOTATION} is ${audience}: the trust policy asks for ${IRSA_AUDIENCE}`,
        `Take it away:\n${kubectlLook(patient, `annotate serviceaccount ${shellWord(name)} ${AUDIENCE_ANNOTATION}-`, workload.namespace).shows}`,
      ),
    );
  if (judged.length > 0) return judged;
  return [well(look, wanted === undefined ? `no annotation, as at ${workload.stage}` : 'annotated with this role')];
};

function mends(patient: Patient, wanted: string | undefined): string {
  const stacks = serviceAccountStacks(patient);
  if (stacks.length > 0) return applyStage(patient, stacks);
  const { namespace, serviceAccount } = patient.workload;
  const change = wanted === undefined ? `${ROLE_ANNOTATION}-` : `--overwrite ${ROLE_ANNOTATION}=${wanted}`;
  const command = kubectlLook(
    patient,
    `annotate serviceaccount ${shellWord(serviceAccount.name)} ${change}`,
    namespace,
  );
  return `Its manifests are not podlift’s: change them where they are kept (GitOps), or by hand:\n${command.shows}`;
}
