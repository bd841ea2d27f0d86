import { IRSA_AUDIENCE } from '../../../blueprint/sourceTrust';
import { keepsAnnotation } from '../../evidence/annotationRemedy';
import { shellWord } from '../../../estate/shellWord';
import { ROLE_ANNOTATION } from '../../../blueprint/serviceAccounts';
import { roleAnnotation } from '../../../estate/kubernetes/roleAnnotation';
import { annotatedPlace, annotationMends } from '../annotatedPlace';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { ill, kubectlLook, well } from '../judgement';

/** Source: aws/amazon-eks-pod-identity-webhook, README. */
const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

/** The service account carries the role's annotation where the stage says so, and not where it is gone. */
export const annotation: Judge = (patient, { serviceAccount }) => {
  if (!serviceAccount.ok || serviceAccount.value === undefined) return [];
  const place = annotatedPlace(patient);
  const { workload, row } = patient;
  const { name } = workload.serviceAccount;
  const look = kubectlLook(patient, `get serviceaccount ${shellWord(name)} -o yaml`, workload.namespace);
  const wanted = roleAnnotation(place.account);
  const found = roleAnnotation(serviceAccount.value);
  const judged: Judgement[] = [];
  if (found !== wanted && !keepsAnnotation(place.account)) {
    const irsaNow = row.newPodUses === 'irsa';
    const what = found === undefined ? 'is not there' : `is ${found}`;
    judged.push(
      ill(
        look,
        irsaNow ? 'problem' : 'warning',
        `${ROLE_ANNOTATION} ${what}, should be ${wanted ?? `none at ${workload.stage}`}${irsaNow ? '' : ': the association wins while it stands'}`,
        annotationMends(patient, serviceAccount.value),
      ),
    );
  }
  const audience = serviceAccount.value.annotations[AUDIENCE_ANNOTATION];
  if (wanted !== undefined && audience !== undefined && audience !== IRSA_AUDIENCE)
    judged.push(
      ill(
        look,
        row.newPodUses === 'irsa' ? 'problem' : 'warning',
        `${AUDIENCE_ANNOTATION} is ${audience}: the trust policy asks for ${IRSA_AUDIENCE}`,
        `Remove it:\n${kubectlLook(patient, `annotate serviceaccount ${shellWord(name)} ${AUDIENCE_ANNOTATION}-`, workload.namespace).shows}`,
      ),
    );
  if (judged.length > 0) return judged;
  if (found !== wanted)
    return [well(look, `add-on ${place.account.addon ?? ''} keeps its annotation, which the association overrides`)];
  return [well(look, wanted === undefined ? `no annotation, as at ${workload.stage}` : 'annotated with this role')];
};
