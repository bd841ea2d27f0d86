import { identityStackName, serviceAccountsStackName } from '../../../inventory/stackNames';
import type { ServiceAccount } from '../../../blueprint/Blueprint';
import { shellWord } from '../../evidence/shellWord';
import type { Judge } from '../Judge';
import { applyStage, ill, kubectlLook, unknown, well } from '../judgement';
import type { Patient } from '../Patient';

/** The service account exists. */
export const serviceAccount: Judge = (patient, { serviceAccount: answer }) => {
  const { namespace, serviceAccount: account } = patient.workload;
  const look = kubectlLook(patient, `get serviceaccount ${shellWord(account.name)} -o yaml`, namespace);
  if (!answer.ok) return [unknown(look, `get serviceaccount -n ${namespace}`, answer)];
  if (answer.value !== undefined) return [well(look, `${namespace}/${account.name} exists`)];
  const stacks = serviceAccountStacks(patient);
  const makes = stacks.length > 0 && (account.manage === 'create' || blueprintAccount(patient)?.addon !== undefined);
  const create = `Create it where its manifests are kept (GitOps), or by hand:\n${kubectlLook(patient, `create serviceaccount ${shellWord(account.name)}`, namespace).shows}`;
  return [
    ill(
      look,
      'problem',
      `there is no service account ${namespace}/${account.name}`,
      makes ? applyStage(patient, stacks) : create,
    ),
  ];
};

/** The service account as the blueprint has it. */
export function blueprintAccount({ parts, cluster }: Patient): ServiceAccount | undefined {
  return parts.serviceAccounts.find((one) => one.cluster === cluster.key);
}

/** The stacks that write it or its annotation, none where it is not podlift's: cdktf applies one only together with those that it depends on. */
export function serviceAccountStacks(patient: Patient): string[] {
  const { environment, cluster } = patient;
  const account = blueprintAccount(patient);
  const identity = identityStackName(environment.key);
  // An add-on annotates its own service account, by its role.
  if (account?.addon !== undefined) return [identity];
  if (account?.context === undefined || account.manage === 'none') return [];
  return [identity, serviceAccountsStackName(environment.key, cluster.key)];
}
