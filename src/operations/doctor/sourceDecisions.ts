import { podOf, tokenOf } from '../../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Decision } from '../../iam/Decision';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { podIdentityRequest, type Pod, webIdentityRequest } from '../../iam/credentialRequests';
import type { Facts } from './Facts';
import type { Mode, Patient } from './Patient';

/** Whom EKS takes the workload's pods on the cluster for. */
export function podIdentityOf({ environment, workload, cluster }: Patient): Pod {
  return podOf(environment, workload, cluster);
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
    const token = tokenOf(patient.environment.partition, podIdentityOf(patient), oidc.issuer);
    return [decideAssumeRole(webIdentityRequest(asked, token)).assume];
  }
  const { assume, tagSession } = decideAssumeRole(
    podIdentityRequest(asked, podIdentityOf(patient), {
      service: POD_IDENTITY_SERVICE,
      tagged: sendsTags(patient, facts),
    }),
  );
  return tagSession === undefined ? [assume] : [assume, tagSession];
}
