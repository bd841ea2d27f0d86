import type { TargetRole } from '../../blueprint/Blueprint';
import { hopRequest, type RequestedRole, sessionTagsOf } from '../../iam/credentialRequests';
import type { AssumeRoleAttempt } from '../../iam/decideAssumeRole';
import { listOf, type Statement } from '../../iam/PolicyDocument';
import { asPrincipal, callerClasses, callerNamed, EVERYTHING, issuerOf } from '../../iam/strangers/callerClasses';
import { type PodsOnCluster, sessionOf } from '../credentialPath';
import type { Attacks } from '../proveAttacks';
import { ownCallersOf } from './sourceStrangers';

/**
 * Who can put the session tags of the workload's pods on a session of the source role, and so gets a target role that reads them: everyone that may
 * assume the source role and tag the session, also whom a statement names exactly.
 */
export function forgedTags(pods: PodsOnCluster, source: RequestedRole, target: TargetRole): Attacks {
  const { evaluator, pod, staged } = pods;
  if (!staged.workload.sessionTags) return { evaluated: 0, admitted: [] };
  const tags = sessionTagsOf(pod);
  const session = { ...sessionOf(pods, pods.source), identity: [EVERYTHING], carries: tags };
  if (!evaluator.evaluateOnce(hopRequest(target, session)).isOpen) return { evaluated: 1, admitted: [] };
  const trust = { name: `trust policy of ${source.name}`, document: source.trust };
  const attempts = taggingCallers(pods, source);
  return {
    evaluated: attempts.length + 1,
    admitted: attempts.flatMap(({ who, attempt }) => {
      const request = { ...attempt, roleArn: source.arn, trust, tags, transitiveTagKeys: Object.keys(tags) };
      const result = evaluator.evaluateOnce(request);
      return result.isOpen ? [{ who: `${who}, with session tags of its choice on role ${source.name}`, result }] : [];
    }),
  };
}

type Attempt = Omit<AssumeRoleAttempt, 'roleArn' | 'trust'>;

interface Tagging {
  readonly who: string;
  readonly attempt: Attempt;
}

/** The principals that statements name exactly, and all others of the accounts that they mention. EKS and clusters set no tags of a caller's choice. */
function taggingCallers(pods: PodsOnCluster, { trust }: RequestedRole): readonly Tagging[] {
  const statements = listOf(trust.Statement);
  const named = statements.flatMap(({ Effect, Principal }) =>
    Effect === 'Allow' && typeof Principal === 'object' ? listOf(Principal.AWS ?? []) : [],
  );
  const principals = [...new Set(named)].flatMap((arn) => {
    const caller = callerNamed(arn);
    return caller === undefined ? [] : [{ who: arn, attempt: asPrincipal(caller) }];
  });
  const classes = callerClasses(statements, ownCallersOf(pods.staged)).flatMap(({ stranger, attempt }) => {
    if (stranger.kind === 'account') return [{ who: `principals of account ${stranger.accountId}`, attempt }];
    return stranger.kind === 'any account' ? [{ who: 'principals of any account', attempt }] : [];
  });
  return [...principals, ...classes, ...tokens(pods, statements)];
}

/** An identity provider puts session tags into its tokens. That of a cluster does not. */
function tokens({ staged }: PodsOnCluster, statements: readonly Statement[]): readonly Tagging[] {
  const { providers } = ownCallersOf(staged);
  const named = statements.flatMap(({ Principal }) =>
    typeof Principal === 'object' ? listOf(Principal.Federated ?? []) : [],
  );
  return [...new Set(named)]
    .filter((provider) => !providers.includes(provider))
    .map((provider) => ({
      who: `tokens of ${issuerOf(provider)}`,
      attempt: {
        caller: { kind: 'federated', provider },
        operation: 'sts:AssumeRoleWithWebIdentity',
        completeKeys: [],
      },
    }));
}
