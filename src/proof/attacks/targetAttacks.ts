import type { TargetRole } from '../../blueprint/Blueprint';
import { externalIdOf, tokenOf } from '../../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import {
  hopRequest,
  type RequestedRole,
  type RoleSession,
  sessionTagsOf,
  webIdentityRequest,
} from '../../iam/credentialRequests';
import { type Case, ownPod, sourceOf } from '../credentialPath';
import type { Attack } from './Attack';
import { lookalikes, strangersElsewhere, strangersInCluster } from './strangers';
import type { Surroundings } from './Surroundings';
import { ALLOW_ALL, OTHER_SERVICES, serviceAttack } from './worstCase';

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
function roleAttacks(of: Case, target: RequestedRole, around: Surroundings): Attack[] {
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
  const externalId = externalIdOf(own);
  const ways: readonly [string, Partial<RoleSession>][] = [
    ['', {}],
    [' with forged tags in its request', { sends: forged, externalId }],
    [' with forged tags on its session', { carries: forged, externalId }],
  ];
  return roles.flatMap((from) =>
    ways.map(([how, parts]) => ({
      who: `role ${from}${how}`,
      attempt: hopRequest(target, { from, identity: [ALLOW_ALL], ...parts }),
    })),
  );
}

/** Sessions of the source role itself that are not this workload's pods. Without session tags nothing can tell them apart. */
function sessionAttacks(of: Case, target: RequestedRole, around: Surroundings): Attack[] {
  const { environment, workload, clusters } = of.subject;
  if (!workload.sessionTags) return [];
  const own = ownPod(of);
  const role = sourceOf(of.subject);
  const session = { from: role.arn, identity: [ALLOW_ALL], roleTags: { ...environment.tags, ...role.tags } };
  return [
    ...[...strangersInCluster(own), ...strangersElsewhere(own, clusters, around)].map(({ who, pod }) => ({
      who: `a session of ${role.name} that carries the tags of ${who}`,
      attempt: hopRequest(target, { ...session, carries: sessionTagsOf(pod), sends: sessionTagsOf(own) }),
    })),
    {
      who: `an untagged session of ${role.name} that puts the tags into its request`,
      attempt: hopRequest(target, { ...session, sends: sessionTagsOf(own) }),
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
  if (of.judge.once(hopRequest(target, session)).holds) return [];
  const own = ownPod(of);
  return [...strangersInCluster(own), ...strangersElsewhere(own, clusters, around)].map(({ who, pod }) => ({
    who: `a session of ${role.name} with the external id of ${who}`,
    attempt: hopRequest(target, { ...session, externalId: externalIdOf(pod) }),
  }));
}

/** Those who have no business at a target role at all: services, and pods without the source role. */
function directAttacks(of: Case, target: RequestedRole): Attack[] {
  const own = ownPod(of);
  const issuer = of.cluster.oidc?.issuer;
  return [
    ...[POD_IDENTITY_SERVICE, ...OTHER_SERVICES].map((service) => ({
      who: `service ${service}`,
      attempt: serviceAttack(target, own, of.subject.workload.sessionTags, service),
    })),
    ...(issuer === undefined
      ? []
      : [
          {
            who: 'a web identity without the source role',
            attempt: webIdentityRequest(target, tokenOf(of.subject.environment.partition, own, issuer)),
          },
        ]),
  ];
}
