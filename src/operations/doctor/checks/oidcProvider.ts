import { oidcProviderArn } from '../../../blueprint/arns';
import { IRSA_AUDIENCE } from '../../../blueprint/sourceTrust';
import { severity } from '../inUse';
import type { Judge } from '../Judge';
import { importFails, neverApplied } from '../imported';
import { applyStage, iamLook, ill, unknown, well } from '../judgement';

/** Where the stage keeps IRSA: the cluster's OIDC provider exists in the account, and takes the audience of IRSA's tokens. */
export const oidcProvider: Judge = (patient, facts) => {
  const { cluster, environment, row } = patient;
  if (!row.trustsOidc || cluster.oidc === undefined || facts.provider === undefined) return [];
  const arn = oidcProviderArn(environment.partition, environment.account.id, cluster.oidc.issuer);
  const look = iamLook(patient, `get-open-id-connect-provider --open-id-connect-provider-arn ${arn}`);
  if (!facts.provider.ok) return [unknown(look, 'iam:GetOpenIDConnectProvider', facts.provider)];
  const state = severity(patient, facts, 'irsa');
  const found = facts.provider.value;
  const create = `aws iam create-open-id-connect-provider --url ${cluster.oidc.issuer} --client-id-list ${IRSA_AUDIENCE}`;
  const apply =
    cluster.oidc.adopt && neverApplied(facts)
      ? `${importFails('the provider')}: take adopt out of oidc of cluster ${cluster.key} in the inventory, or make it by hand again:\n${create}\n${applyStage(patient)}`
      : applyStage(patient);
  if (found === undefined)
    return [
      ill(
        look,
        state,
        `there is no OIDC provider ${arn}: STS takes no token of this cluster`,
        cluster.oidc.provider === 'managed'
          ? apply
          : `Make it where the cluster is made, or by hand; or let podlift have it: oidc: { issuer, provider: managed } at cluster ${cluster.key}.\n${create}`,
      ),
    ];
  if (!found.audiences.includes(IRSA_AUDIENCE))
    return [
      ill(
        look,
        state,
        `the OIDC provider takes the audiences ${found.audiences.join(', ') || '(none)'}, not ${IRSA_AUDIENCE}`,
        `Add it:\naws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${arn} --client-id ${IRSA_AUDIENCE}`,
      ),
    ];
  return [well(look, `the OIDC provider is there, and takes ${IRSA_AUDIENCE}`)];
};
