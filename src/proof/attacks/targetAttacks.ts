import type { TargetRole } from '../../blueprint/Blueprint';
import { externalIdOf, podOf, tokenOf } from '../../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import {
  hopRequest,
  podIdentityRequest,
  type RequestedRole,
  sessionTagsOf,
  webIdentityRequest,
} from '../../iam/credentialRequests';
import type { AssumeRoleAttempt } from '../../iam/decideAssumeRole';
import { listOf, type Statement } from '../../iam/PolicyDocument';
import { callerClasses, otherTags } from '../../iam/strangers/callerClasses';
import { EVERYTHING } from '../../iam/strangers/principals';
import { type PodsOnCluster, sessionOf } from '../credentialPath';
import type { Attacks } from './Attacks';
import { ownTarget, unexplainedTrust } from '../keptTargetTrust';
import { kindText, namesOn, ownCallersOf, strangersThrough } from './sourceStrangers';

interface Attempted {
  readonly who: string;
  readonly attempt: AssumeRoleAttempt;
}

/** Who else gets a target role than the sessions of the source role that belong to the workload's pods. */
export function targetAttacks(pods: PodsOnCluster, role: TargetRole): Attacks {
  const { workload } = pods.staged;
  const unexplained = unexplainedTrust(workload, role);
  const kept = unexplained && strangersThrough({ ...role, trust: unexplained }, ownCallersOf(pods.staged), () => true);
  pods.evaluator.count(kept?.evaluated ?? 0);
  const target = ownTarget(workload, role);
  const attempts = [
    ...strangers(pods, target),
    ...directly(pods, target),
    ...sessionsOfOthers(pods, target),
    ...otherExternalIds(pods, target),
  ];
  return {
    evaluated: attempts.length + (kept?.evaluated ?? 0),
    admitted: [
      ...attempts.flatMap(({ who, attempt }) => {
        const result = pods.evaluator.evaluateOnce(attempt);
        return result.isOpen ? [{ who, result }] : [];
      }),
      ...(kept?.admitted ?? []),
    ],
  };
}

/** Everyone but the source role, as for the source role itself. */
function strangers({ staged, source }: PodsOnCluster, target: TargetRole): readonly Attempted[] {
  const trust = { name: `trust policy of ${target.name}`, document: target.trust };
  const bySource: Statement = { Effect: 'Allow', Condition: { ArnEquals: { 'aws:PrincipalArn': source.arn } } };
  return callerClasses(listOf(target.trust.Statement), ownCallersOf(staged), [bySource]).map(
    ({ stranger, attempt }) => ({
      who: kindText(stranger),
      attempt: { ...attempt, roleArn: target.arn, trust },
    }),
  );
}

/** The workload's own pods: they get a target role only through the source role. */
function directly({ staged, cluster, pod }: PodsOnCluster, target: RequestedRole): readonly Attempted[] {
  const tagged = staged.workload.sessionTags;
  const byService = podIdentityRequest(target, pod, { service: POD_IDENTITY_SERVICE, tagged });
  const service = { who: 'the pods through Pod Identity, without the source role', attempt: byService };
  if (cluster.oidc === undefined) return [service];
  const token = tokenOf(staged.environment.partition, pod, cluster.oidc.issuer);
  return [
    service,
    { who: 'the pods with their token, without the source role', attempt: webIdentityRequest(target, token) },
  ];
}

/** Sessions of the source role that do not belong to the workload's pods. Without session tags no policy can tell them apart. */
function sessionsOfOthers(pods: PodsOnCluster, target: RequestedRole): readonly Attempted[] {
  const { staged, source } = pods;
  if (!staged.workload.sessionTags) return [];
  const session = { ...sessionOf(pods, source), identity: [EVERYTHING] };
  const own = sessionTagsOf(pods.pod);
  return [
    ...otherTags(ownCallersOf(staged)).map(({ other, tags }) => ({
      who: `sessions of ${source.name} of pods of other ${other}`,
      attempt: withTags(hopRequest(target, session), tags, Object.keys(own)),
    })),
    {
      who: `an untagged session of ${source.name} that puts the tags into its request`,
      attempt: hopRequest(target, { ...session, sends: own }),
    },
  ];
}

/** A request of a session whose tags are known only as sets. They are transitive, so they are tags of the principal and of the request. */
function withTags(
  request: AssumeRoleAttempt,
  tags: ReturnType<typeof otherTags>[number]['tags'],
  keys: readonly string[],
): AssumeRoleAttempt {
  const named = (prefix: string) => Object.entries(tags).map(([key, set]) => [`aws:${prefix}/${key}`, set] as const);
  return {
    ...request,
    sets: Object.fromEntries([...named('PrincipalTag'), ...named('RequestTag')]),
    context: { ...request.context, 'aws:TagKeys': keys, 'sts:TransitiveTagKeys': keys },
    requiresTagSession: true,
  };
}

/** Where the external id tells pods apart: every id but those that EKS sends for the workload. */
function otherExternalIds(pods: PodsOnCluster, target: TargetRole): readonly Attempted[] {
  const { environment, workload, clusters } = pods.staged;
  if (workload.sessionTags || target.via !== 'association') return [];
  const session = { ...sessionOf(pods, pods.source), identity: [EVERYTHING] };
  const hop = hopRequest(target, session);
  // A target that serves the untagged hop requires no external id: every session of the source role can assume it.
  if (pods.evaluator.evaluateOnce(hop).isOpen) return [];
  const own = clusters.flatMap((cluster) =>
    namesOn(workload, cluster).map(([namespace, name]) =>
      externalIdOf(podOf(environment, { namespace, name }, cluster)),
    ),
  );
  return [
    {
      who: `a session of ${pods.source.name} with the external id of other pods`,
      attempt: { ...hop, sets: { 'sts:ExternalId': { like: '*', except: own } } },
    },
  ];
}
