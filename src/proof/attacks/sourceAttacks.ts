import { tokenOf } from '../../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { hopRequest, type RequestedRole, sessionTagsOf, webIdentityRequest } from '../../iam/credentialRequests';
import { type Case, ownPod } from '../credentialPath';
import type { Attack } from './Attack';
import { keptAttacks } from './keptAttacks';
import { strangersElsewhere, strangersInCluster } from './strangers';
import type { Surroundings } from './Surroundings';
import { ALLOW_ALL, OTHER_SERVICES, serviceAttack } from './worstCase';

/** Audiences that tokens of the same pod can have. */
const OTHER_AUDIENCES = [POD_IDENTITY_SERVICE, 'https://kubernetes.default.svc', 'sts.amazonaws.com.cn'];

/** An issuer that many adopted roles know as well. */
const OTHER_ISSUER = 'https://token.actions.githubusercontent.com';

/** Everybody who tries for a workload's source role around one of its clusters. */
export function sourceAttacks(of: Case, role: RequestedRole, around: Surroundings): Attack[] {
  return [
    ...webIdentityAttacks(of, role, around),
    ...podIdentityAttacks(of, role, around),
    ...roleAttacks(of, role, around),
    ...keptAttacks(of, role, around),
  ];
}

function webIdentityAttacks(of: Case, role: RequestedRole, around: Surroundings): Attack[] {
  const { clusters, environment } = of.subject;
  const { partition } = environment;
  const own = ownPod(of);
  const issuer = of.cluster.oidc?.issuer;
  if (issuer === undefined) return [];
  const issuers = new Set(clusters.map(({ oidc }) => oidc?.issuer));
  const others = [
    ...around.clusters.flatMap(({ oidc }) => oidc?.issuer ?? []),
    ...[issuer.slice(0, -1), `${issuer}x`, `${issuer.slice(0, issuer.lastIndexOf('/'))}/OTHER`, OTHER_ISSUER],
  ].filter((other) => !issuers.has(other));
  const pod = `${own.namespace}/${own.serviceAccount}`;
  return [
    ...strangersInCluster(own).map(({ who, pod: stranger }) => ({
      who: `${who} with a token of cluster ${own.clusterName}`,
      attempt: webIdentityRequest(role, tokenOf(partition, stranger, issuer)),
    })),
    ...others.map((other) => ({
      who: `${pod} with a token of issuer ${other}`,
      attempt: webIdentityRequest(role, tokenOf(partition, own, other)),
    })),
    ...OTHER_AUDIENCES.map((audience) => ({
      who: `${pod} with a token for audience ${audience}`,
      attempt: webIdentityRequest(role, { ...tokenOf(partition, own, issuer), audience }),
    })),
    {
      who: `${pod} with a token that account ${around.foreignAccount} vouches for`,
      attempt: webIdentityRequest(role, tokenOf(partition, { ...own, accountId: around.foreignAccount }, issuer)),
    },
  ];
}

/**
 * With session tags off, the trust policy cannot tell the service accounts of the account apart, nor its clusters: there only the
 * associations decide (rule `proof-shared-role`), and the trust keeps out other accounts and services.
 */
function podIdentityAttacks(of: Case, role: RequestedRole, around: Surroundings): Attack[] {
  const { clusters, workload } = of.subject;
  const own = ownPod(of);
  const tagged = workload.sessionTags;
  const strangers = [...strangersInCluster(own), ...strangersElsewhere(own, clusters, around)];
  return [
    ...strangers
      .filter(({ pod }) => tagged || pod.accountId !== own.accountId)
      .map(({ who, pod }) => ({ who: `${who} by way of Pod Identity`, attempt: serviceAttack(role, pod, tagged) })),
    ...(tagged
      ? [
          {
            who: `a service account of ${own.clusterName} whose association sends no session tags`,
            attempt: serviceAttack(role, { ...own, serviceAccount: 'other' }, false),
          },
        ]
      : []),
    ...OTHER_SERVICES.map((service) => ({
      who: `service ${service}`,
      attempt: serviceAttack(role, own, tagged, service),
    })),
  ];
}

/** Roles of this account and another one that may do everything, also with the pod's tags forged. */
function roleAttacks(of: Case, role: RequestedRole, around: Surroundings): Attack[] {
  const own = ownPod(of);
  const forged = sessionTagsOf(own);
  const roles = [own.accountId, around.foreignAccount].map(
    (id) => `arn:${of.subject.environment.partition}:iam::${id}:role/other`,
  );
  const neighbour = around.neighbourOf(of.subject.workload);
  return [...roles, ...(neighbour === undefined ? [] : [neighbour])].flatMap((from) =>
    [{}, { sends: forged }, { carries: forged }].map((tags) => ({
      who: `role ${from}${'sends' in tags ? ' with forged tags in its request' : 'carries' in tags ? ' with forged tags on its session' : ''}`,
      attempt: hopRequest(role, { from, identity: [ALLOW_ALL], ...tags }),
    })),
  );
}
