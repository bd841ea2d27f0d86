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
import { type PodsOnCluster, sessionOf } from '../credentialPath';
import {
  ALLOW_ALL,
  type Attack,
  lookalikes,
  type Neighbours,
  OTHER_SERVICES,
  otherPods,
  serviceAttack,
} from './attackers';

/** The attacks on a target role from one cluster of the workload. */
export function targetAttacks(pods: PodsOnCluster, target: TargetRole, neighbours: Neighbours): Attack[] {
  return [
    ...roleAttacks(pods, target, neighbours),
    ...sessionAttacks(pods, target, neighbours),
    ...externalIdAttacks(pods, target, neighbours),
    ...directAttacks(pods, target),
  ];
}

/** Other roles, with and without the pod's session tags and the right external id. */
function roleAttacks({ staged, pod, source }: PodsOnCluster, target: RequestedRole, neighbours: Neighbours): Attack[] {
  const { arn, name } = source;
  const start = arn.slice(0, -name.length);
  const neighbour = neighbours.neighbourOf(staged.workload);
  const attackers = [
    ...['other', ...lookalikes(name)].map((other) => `${start}${other}`),
    ...(neighbour === undefined ? [] : [neighbour]),
    arn.replace(`:${pod.accountId}:`, `:${neighbours.foreignAccount}:`),
  ].filter((from) => from !== arn);
  const forged = sessionTagsOf(pod);
  const externalId = externalIdOf(pod);
  const forgeries: readonly [string, Partial<RoleSession>][] = [
    ['', {}],
    [' with forged tags in its request', { sends: forged, externalId }],
    [' with forged tags on its session', { carries: forged, externalId }],
  ];
  return attackers.flatMap((from) =>
    forgeries.map(([how, parts]) => ({
      who: `role ${from}${how}`,
      attempt: hopRequest(target, { from, identity: [ALLOW_ALL], ...parts }),
    })),
  );
}

/** Sessions of the source role that do not belong to the workload's pods. Without session tags no policy can tell them apart. */
function sessionAttacks(pods: PodsOnCluster, target: RequestedRole, neighbours: Neighbours): Attack[] {
  const { staged, source } = pods;
  if (!staged.workload.sessionTags) return [];
  const session = { ...sessionOf(pods, source), identity: [ALLOW_ALL], sends: sessionTagsOf(pods.pod) };
  return [
    ...otherPods(pods, neighbours).map(({ who, pod }) => ({
      who: `a session of ${source.name} with the tags of ${who}`,
      attempt: hopRequest(target, { ...session, carries: sessionTagsOf(pod) }),
    })),
    {
      who: `an untagged session of ${source.name} that puts the tags into its request`,
      attempt: hopRequest(target, session),
    },
  ];
}

/** Where the external id tells pods apart: the ids that EKS would send for other pods. */
function externalIdAttacks(pods: PodsOnCluster, target: TargetRole, neighbours: Neighbours): Attack[] {
  const { staged, source } = pods;
  if (staged.workload.sessionTags || target.via !== 'association') return [];
  const session = { ...sessionOf(pods, source), identity: [ALLOW_ALL] };
  // A target that serves the untagged hop requires no external id: every session of the source role can assume it.
  if (pods.evaluator.evaluateOnce(hopRequest(target, session)).isOpen) return [];
  return otherPods(pods, neighbours).map(({ who, pod }) => ({
    who: `a session of ${source.name} with the external id of ${who}`,
    attempt: hopRequest(target, { ...session, externalId: externalIdOf(pod) }),
  }));
}

/** Services, and pods without the source role: none of them assumes a target role directly. */
function directAttacks({ staged, cluster, pod }: PodsOnCluster, target: RequestedRole): Attack[] {
  const { environment, workload } = staged;
  const services = [POD_IDENTITY_SERVICE, ...OTHER_SERVICES].map((service) => ({
    who: `service ${service}`,
    attempt: serviceAttack(target, pod, workload.sessionTags, service),
  }));
  if (cluster.oidc === undefined) return services;
  const token = tokenOf(environment.partition, pod, cluster.oidc.issuer);
  return [...services, { who: 'a web identity without the source role', attempt: webIdentityRequest(target, token) }];
}
