import { decide } from '../../iam/decide';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Decision } from '../../iam/Decision';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { byPodIdentity, byWebIdentity, type PodIdentity } from '../../proof/attempts';
import type { Facts } from './Facts';
import type { Mode, Patient } from './Patient';

/** Whom EKS takes the workload's pods on the cluster for. */
export function podIdentityOf({ environment, workload, cluster }: Patient): PodIdentity {
  return {
    partition: environment.partition,
    accountId: environment.account.id,
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    namespace: workload.namespace,
    serviceAccount: workload.serviceAccount.name,
  };
}

/** Whether EKS sends session tags: as the association in AWS has it, and the inventory where there is none. */
export function sendsTags({ workload }: Patient, { association }: Pick<Facts, 'association'>): boolean {
  const found = association.ok ? association.value : undefined;
  return found === undefined ? workload.sessionTags : !found.disableSessionTags;
}

/**
 * What IAM says to the workload's pods that ask for its role by a way, a decision for each action that is asked for. EKS asks for
 * `sts:TagSession` also where session tags are disabled. Empty where the cluster has no issuer.
 */
export function askForSource(
  patient: Patient,
  facts: Pick<Facts, 'association'>,
  { name, arn, trust }: RoleFacts,
  mode: Mode,
): readonly Decision[] {
  const asked = { name, arn, trust };
  if (mode === 'irsa') {
    const { oidc } = patient.cluster;
    if (oidc === undefined) return [];
    return [decideAssumeRole(byWebIdentity(asked, { ...podIdentityOf(patient), issuer: oidc.issuer })).assume];
  }
  const attempt = byPodIdentity(asked, podIdentityOf(patient), sendsTags(patient, facts));
  const { assume, tagSession } = decideAssumeRole(attempt);
  const { caller, roleArn, context = {}, trust: resource } = attempt;
  return [assume, tagSession ?? decide({ caller, action: 'sts:TagSession', resource: roleArn, context }, { resource })];
}
