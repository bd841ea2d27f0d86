import { shellWord } from '../../../estate/shellWord';
import { annotationMends } from '../annotatedPlace';
import type { Judge } from '../Judge';
import { ill, kubectlLook, unknown, well } from '../judgement';

/** The service account exists. */
export const serviceAccount: Judge = (patient, { serviceAccount: answer }) => {
  const { namespace, serviceAccount: account } = patient.workload;
  const look = kubectlLook(patient, `get serviceaccount ${shellWord(account.name)} -o yaml`, namespace);
  if (!answer.ok) return [unknown(look, `get serviceaccount -n ${namespace}`, answer)];
  if (answer.value !== undefined) return [well(look, `${namespace}/${account.name} exists`)];
  return [
    ill(
      look,
      'problem',
      `there is no service account ${namespace}/${account.name}`,
      annotationMends(patient, undefined),
    ),
  ];
};
