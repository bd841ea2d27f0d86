import type { TargetRole } from '../../blueprint/Blueprint';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { type Asked, byHop, byPodIdentity, byWebIdentity, type Hop, sessionTagsOf } from '../attempts';
import { type Case, ownPod, sourceOf } from '../legs';
import type { Attack } from './Attack';
import { lookalikes, strangersElsewhere, strangersInCluster } from './strangers';
import type { Surroundings } from './Surroundings';
import { ALLOW_ALL, OTHER_SERVICES } from './worstCase';

/** Everybody who tries for a target role around one cluster of the workload. */
export function targetAttacks(of: Case, target: TargetRole, around: Surroundings): Attack[] {
  return [
    ...roleAttacks(of, target, around),
    ...sessionAttacks(of, target, around),
    ...externalIdAttacks(of, target, around),
    ...directAttacks(of, target),
  ];
}

/** Other roles, with and without the pod's tags and the right external id. */
function roleAttacks(of: Case, target: Asked, around: Surroundings): Attack[] {
  const own = ownPod(of);
  const { arn, name } = sourceOf(of.subject);
  const start = arn.slice(0, -name.length);
  const neighbour = around.neighbourOf(of.subject.workload);
  const roles = [
    `${start}other`,
    ...lookalikes(name).map((other) => `${start}${other}`),
    ...[neighbour ?? []].flat(),
    arn.replace(`:${own.accountId}:`, `:${around.foreignAccount}:`),
  ].filter((from) => from !== arn);
  const forged = sessionTagsOf(own);
  const externalId = externalIdOf(own.clusterArn, own.accountId, own);
  const ways: readonly [string, Partial<Hop>][] = [
    ['', {}],
    [' with forged tags in its request', { sends: forged, externalId }],
    [' with forged tags on its session', { carries: forged, externalId }],
  ];
  return roles.flatMap((from) =>
    ways.map(([how, parts]) => ({
      who: `role ${from}${how}`,
      attempt: byHop(target, { from, identity: [ALLOW_ALL], ...parts }),
    })),
  );
}

/** Sessions of the source role itself that are not this workload's pods. Without session tags nothing can tell them apart. */
function sessionAttacks(of: Case, target: Asked, around: Surroundings): Attack[] {
  const { environment, workload, clusters } = of.subject;
  if (!workload.sessionTags) return [];
  const own = ownPod(of);
  const role = sourceOf(of.subject);
  const session = { from: role.arn, identity: [ALLOW_ALL], roleTags: { ...environment.tags, ...role.tags } };
  return [
    ...[...strangersInCluster(own), ...strangersElsewhere(own, clusters, around)].map(({ who, pod }) => ({
      who: `a session of ${role.name} that carries the tags of ${who}`,
      attempt: byHop(target, { ...session, carries: sessionTagsOf(pod), sends: sessionTagsOf(own) }),
    })),
    {
      who: `an untagged session of ${role.name} that puts the tags into its request`,
      attempt: byHop(target, { ...session, sends: sessionTagsOf(own) }),
    },
  ];
}

/** Where the external id tells pods apart: the ids that EKS would send for others. */
function externalIdAttacks(of: Case, target: TargetRole, around: Surroundings): Attack[] {
  const { environment, workload, clusters } = of.subject;
  if (workload.sessionTags || target.via !== 'association') return [];
  const role = sourceOf(of.subject);
  const session = { from: role.arn, identity: [ALLOW_ALL], roleTags: { ...environment.tags, ...role.tags } };
  // While the untagged hop is served, an external id is not asked for: whoever has the source role's session gets in.
  if (of.judge.once(byHop(target, session)).holds) return [];
  const own = ownPod(of);
  return [...strangersInCluster(own), ...strangersElsewhere(own, clusters, around)].map(({ who, pod }) => ({
    who: `a session of ${role.name} with the external id of ${who}`,
    attempt: byHop(target, { ...session, externalId: externalIdOf(pod.clusterArn, pod.accountId, pod) }),
  }));
}

/** Those who have no business at a target role at all: services, and pods without the source role. */
function directAttacks(of: Case, target: Asked): Attack[] {
  const own = ownPod(of);
  const issuer = of.cluster.oidc?.issuer;
  return [
    ...[POD_IDENTITY_SERVICE, ...OTHER_SERVICES].map((service) => ({
      who: `service ${service}`,
      attempt: byPodIdentity(target, own, of.subject.workload.sessionTags, service),
    })),
    ...(issuer === undefined
      ? []
      : [{ who: 'a web identity without the source role', attempt: byWebIdentity(target, { ...own, issuer }) }]),
  ];
}

/** As EKS builds it: `region/account/cluster/namespace/service-account`. */
function externalIdOf(
  clusterArn: string,
  accountId: string,
  pod: { readonly clusterName: string; readonly namespace: string; readonly serviceAccount: string },
): string {
  const region = clusterArn.split(':')[3] ?? '';
  return [region, accountId, pod.clusterName, pod.namespace, pod.serviceAccount].join('/');
}
