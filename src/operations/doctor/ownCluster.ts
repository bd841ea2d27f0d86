import type { Answer } from '../../estate/aws/AwsPort';
import type { Facts } from './Facts';
import type { Patient } from './Patient';

/** How a finding begins that is not judged, since what the context shows may be another cluster's. */
export const NOT_JUDGED = 'not judged: ';

type NoAnswer = Answer<never> & { readonly ok: false };

/** Whether an answer was taken away by `ownCluster`. */
export function isNotJudged({ message }: Pick<NoAnswer, 'message'>): boolean {
  return message.startsWith(NOT_JUDGED);
}

/**
 * Facts without what was read from a cluster that is not known to be the patient's: the check `cluster` says why, and nothing is concluded from what
 * another cluster shows. A context that answers and only keeps its issuer to itself (`denied`) is taken for the right one.
 */
export function ownCluster(patient: Patient, facts: Facts): Facts {
  const doubt = doubtOf(patient, facts);
  if (doubt === undefined) return facts;
  const gone: NoAnswer = { ok: false, why: 'failed', message: `${NOT_JUDGED}${doubt}` };
  return {
    ...facts,
    serviceAccount: gone,
    pods: gone,
    nodes: gone,
    agentPods: gone,
    neighbours: gone,
    networkPolicies: gone,
    nodeRoles: gone,
  };
}

/** Why the context may lead to another cluster; nothing where it leads to the patient's. */
function doubtOf({ cluster: { oidc } }: Patient, { cluster, issuer }: Facts): string | undefined {
  if (!issuer.ok) return issuer.why === 'denied' ? undefined : 'it is not known to which cluster the context leads';
  const own = (cluster.ok ? cluster.value?.issuer : undefined) ?? oidc?.issuer;
  if (own === undefined) return 'it is not known whether the context leads to this cluster';
  return issuer.value === own ? undefined : 'the context leads to another cluster';
}
