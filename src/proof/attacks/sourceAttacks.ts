import { tokenOf } from '../../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { hopRequest, type RequestedRole, sessionTagsOf, webIdentityRequest } from '../../iam/credentialRequests';
import type { PodsOnCluster } from '../credentialPath';
import {
  ALLOW_ALL,
  type Attack,
  type Neighbours,
  OTHER_SERVICES,
  otherPods,
  otherPodsInCluster,
  serviceAttack,
} from './attackers';
import { keptAttacks } from './keptAttacks';

/** Audiences of other tokens that the same pod can have. */
const OTHER_AUDIENCES = [POD_IDENTITY_SERVICE, 'https://kubernetes.default.svc', 'sts.amazonaws.com.cn'];

/** An issuer that many adopted roles trust too. */
const OTHER_ISSUER = 'https://token.actions.githubusercontent.com';

/** The attacks on a workload's source role from one of its clusters. */
export function sourceAttacks(pods: PodsOnCluster, role: RequestedRole, neighbours: Neighbours): Attack[] {
  return [
    ...webIdentityAttacks(pods, role, neighbours),
    ...podIdentityAttacks(pods, role, neighbours),
    ...roleAttacks(pods, role, neighbours),
    ...keptAttacks(pods, role, neighbours),
  ];
}

function webIdentityAttacks(pods: PodsOnCluster, role: RequestedRole, neighbours: Neighbours): Attack[] {
  const { staged, cluster, pod, serviceAccount } = pods;
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined) return [];
  const token = (of = pod, by = issuer) => tokenOf(staged.environment.partition, of, by);
  const issuers = new Set(staged.clusters.map(({ oidc }) => oidc?.issuer));
  const others = [
    ...neighbours.clusters.flatMap(({ oidc }) => oidc?.issuer ?? []),
    ...[issuer.slice(0, -1), `${issuer}x`, `${issuer.slice(0, issuer.lastIndexOf('/'))}/OTHER`, OTHER_ISSUER],
  ].filter((other) => !issuers.has(other));
  return [
    ...otherPodsInCluster(pods).map((other) => ({
      who: `${other.who} with a token of cluster ${pod.clusterName}`,
      attempt: webIdentityRequest(role, token(other.pod)),
    })),
    ...others.map((other) => ({
      who: `${serviceAccount} with a token of issuer ${other}`,
      attempt: webIdentityRequest(role, token(pod, other)),
    })),
    ...OTHER_AUDIENCES.map((audience) => ({
      who: `${serviceAccount} with a token for audience ${audience}`,
      attempt: webIdentityRequest(role, { ...token(), audience }),
    })),
    {
      who: `${serviceAccount} with a token that account ${neighbours.foreignAccount} verifies`,
      attempt: webIdentityRequest(role, token({ ...pod, accountId: neighbours.foreignAccount })),
    },
  ];
}

/**
 * Without session tags the trust policy cannot tell the account's service accounts and clusters apart. Only the associations decide
 * there (rule `proof-shared-role`), and the trust policy denies other accounts and services.
 */
function podIdentityAttacks(pods: PodsOnCluster, role: RequestedRole, neighbours: Neighbours): Attack[] {
  const { pod: own, staged } = pods;
  const tagged = staged.workload.sessionTags;
  const untagged = {
    who: `a service account of ${own.clusterName} whose association sends no session tags`,
    attempt: serviceAttack(role, { ...own, serviceAccount: 'other' }, false),
  };
  return [
    ...otherPods(pods, neighbours)
      .filter(({ pod }) => tagged || pod.accountId !== own.accountId)
      .map(({ who, pod }) => ({ who: `${who} through Pod Identity`, attempt: serviceAttack(role, pod, tagged) })),
    ...(tagged ? [untagged] : []),
    ...OTHER_SERVICES.map((service) => ({
      who: `service ${service}`,
      attempt: serviceAttack(role, own, tagged, service),
    })),
  ];
}

/** Roles of this account and of another one with all permissions, also with forged session tags. */
function roleAttacks({ staged, pod }: PodsOnCluster, role: RequestedRole, neighbours: Neighbours): Attack[] {
  const forged = sessionTagsOf(pod);
  const { partition } = staged.environment;
  const neighbour = neighbours.neighbourOf(staged.workload);
  const attackers = [pod.accountId, neighbours.foreignAccount].map((id) => `arn:${partition}:iam::${id}:role/other`);
  return [...attackers, ...(neighbour === undefined ? [] : [neighbour])].flatMap((from) => {
    const attack = (how: string, tags: { sends?: typeof forged; carries?: typeof forged }) => ({
      who: `role ${from}${how}`,
      attempt: hopRequest(role, { from, identity: [ALLOW_ALL], ...tags }),
    });
    return [
      attack('', {}),
      attack(' with forged tags in its request', { sends: forged }),
      attack(' with forged tags on its session', { carries: forged }),
    ];
  });
}
