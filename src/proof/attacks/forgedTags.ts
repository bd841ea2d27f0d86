import type { TargetRole } from '../../blueprint/Blueprint';
import { hopRequest, type RequestedRole, sessionTagsOf } from '../../iam/credentialRequests';
import type { AssumeRoleAttempt, AssumeRoleDecision } from '../../iam/decideAssumeRole';
import { listOf } from '../../iam/PolicyDocument';
import type { CallerClass, OwnCallers, Stranger } from '../../iam/strangers/CallerClass';
import { callerClasses } from '../../iam/strangers/callerClasses';
import { EVERYTHING } from '../../iam/strangers/principals';
import { type PodsOnCluster, sessionOf } from '../credentialPath';
import type { Explanation } from '../evaluator';
import type { Attacks } from './Attacks';
import { kindText, ownCallersOf } from './sourceStrangers';

/** Callers that pass tags get no session without this action. */
const NO_TAGS =
  'If these callers pass no session tags to the role (CloudTrail), remove sts:TagSession from what the trust policy allows them.';

/**
 * Who can put the session tags of the workload's pods on a session of the source role, and so gets a target role that reads them: everyone that may
 * assume the source role and tag the session, also whom a statement names exactly.
 */
export function forgedTags(pods: PodsOnCluster, source: RequestedRole, target: TargetRole): Attacks {
  const { evaluator, pod, staged } = pods;
  if (!staged.workload.sessionTags) return { evaluated: 0, admitted: [] };
  const session = { ...sessionOf(pods, pods.source), identity: [EVERYTHING] };
  const opens = (carries: Tags) => evaluator.evaluateOnce(hopRequest(target, { ...session, carries })).isOpen;
  const all = sessionTagsOf(pod);
  if (!opens(all)) return { evaluated: 1, admitted: [] };
  const trust = { name: `trust policy of ${source.name}`, document: source.trust };
  const own = ownCallersOf(staged);
  const callers = callerClasses(listOf(source.trust.Statement), own, []).filter((caller) => choosesTags(caller, own));
  const evaluated = callers.length + 1;
  evaluator.count(callers.length);
  const requestOf = ({ attempt }: CallerClass, tags: Tags): AssumeRoleAttempt => ({
    ...attempt,
    roleArn: source.arn,
    trust,
    tags,
    furtherTags: true,
    requiresTagSession: true,
  });
  // Most trust policies deny them with all tags: then it does not matter which ones the target needs.
  const tagging = callers.filter((caller) => evaluator.decide(requestOf(caller, {})).result !== 'denied');
  if (tagging.length === 0) return { evaluated, admitted: [] };
  const tags = neededTags(all, opens);
  return {
    evaluated,
    admitted: tagging.flatMap((caller) => {
      const who = `${kindText(caller.stranger)}, who choose the session tags themselves on role ${source.name}`;
      const decision = evaluator.decide(requestOf(caller, tags));
      return decision.result === 'denied' ? [] : [{ who, result: taggingResult(decision), hint: NO_TAGS }];
    }),
  };
}

type Tags = Readonly<Record<string, string>>;

/** The tags without which the target role is closed. Whoever forges them can leave out the others, and send further ones. */
function neededTags(all: Tags, opens: (tags: Tags) => boolean): Tags {
  return Object.keys(all).reduce((tags, key) => {
    const { [key]: _, ...others } = tags;
    return opens(others) ? others : tags;
  }, all);
}

/** Principals pass tags, and identity providers put them into their tokens. A cluster's tokens have none, and those of EKS tell the truth. */
function choosesTags({ stranger }: CallerClass, { providers }: OwnCallers): boolean {
  return CHOOSE_TAGS[stranger.kind] && !(stranger.kind === 'tokens' && providers.includes(stranger.provider));
}

const CHOOSE_TAGS: Readonly<Record<Stranger['kind'], boolean>> = {
  principal: true,
  account: true,
  'any account': true,
  organisation: true,
  'any provider': true,
  tokens: true,
  pods: false,
  'untagged pods': false,
  service: false,
  'any service': false,
};

/** The statement that allows the tags is the one to change; whoever may only assume the role forges nothing. */
function taggingResult({ assume, tagSession = assume }: AssumeRoleDecision): Explanation {
  return { decision: tagSession.allowed && !assume.allowed ? assume : tagSession };
}
