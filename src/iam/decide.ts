import { parseArn } from './Arn';
import type { Decision, Policies, Reason, StatementRef } from './Decision';
import { matchPolicy, type PreparedRequest, type StatementMatch } from './matchStatement';
import { callerNames } from './matchPrincipal';
import type { Caller, Request } from './Request';
import { requestContext } from './requestContext';

/**
 * Resources whose own policy must allow, even within one account: roles (their trust policy) and KMS keys.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
const OWN_POLICY_MUST_ALLOW: readonly {
  readonly action: string;
  readonly service: string;
  readonly resource: string;
}[] = [
  { action: 'sts:', service: 'iam', resource: 'role/' },
  { action: 'kms:', service: 'kms', resource: 'key/' },
];

function ownPolicyMustAllow({ request, action }: PreparedRequest): boolean {
  const arn = parseArn(request.resource);
  return OWN_POLICY_MUST_ALLOW.some(
    (rule) => action.startsWith(rule.action) && arn?.service === rule.service && arn.resource.startsWith(rule.resource),
  );
}

/** The account of a caller with identity policies; undefined for services, federated and anonymous callers. */
function accountOf(caller: Caller): string | undefined {
  if (caller.kind === 'user' || caller.kind === 'account') return parseArn(caller.arn)?.account;
  if (caller.kind === 'role' || caller.kind === 'session') return parseArn(caller.roleArn)?.account;
  return undefined;
}

/** `*` and ARNs without an account count as resources of the caller's account. */
function isSameAccount(request: Request, account: string): boolean {
  const owner = request.resourceAccount ?? parseArn(request.resource)?.account ?? '';
  return owner === '' || owner === account;
}

function allows({ answer }: StatementMatch): boolean {
  return answer.applies && answer.statement.Effect === 'Allow';
}

function denies({ answer }: StatementMatch): boolean {
  return answer.applies && answer.statement.Effect === 'Deny';
}

/** How the statements of each kind of policy match. Without a `boundary` or `session` policy there is no limit. */
interface PolicyMatches {
  readonly identity: readonly StatementMatch[];
  readonly resource: readonly StatementMatch[];
  readonly boundary?: readonly StatementMatch[];
  readonly session?: readonly StatementMatch[];
}

function matchesOf(policies: Policies, prepared: PreparedRequest): PolicyMatches {
  const { identity = [], resource, boundary, session = [] } = policies;
  return {
    identity: identity.flatMap((policy) => matchPolicy(policy, prepared, false)),
    resource: resource === undefined ? [] : matchPolicy(resource, prepared, true),
    ...(boundary === undefined ? {} : { boundary: matchPolicy(boundary, prepared, false) }),
    ...(session.length === 0 ? {} : { session: session.flatMap((policy) => matchPolicy(policy, prepared, false)) }),
  };
}

interface Outcome {
  readonly reason: Reason;
  readonly by?: StatementMatch | undefined;
}

/** An outcome that permissions boundary and session policies limit: both must allow the request too. */
function limited({ boundary, session }: PolicyMatches, outcome: Outcome): Outcome {
  if (boundary?.some(allows) === false) return { reason: 'permissions boundary does not allow it' };
  if (session?.some(allows) === false) return { reason: 'session policy does not allow it' };
  return outcome;
}

/**
 * The root user of an account needs no identity policy, but cannot assume roles.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function identityAllows({ identity }: PolicyMatches, { request, action }: PreparedRequest): Outcome {
  const by = identity.find(allows);
  const root = request.caller.kind === 'account' && !action.startsWith('sts:');
  return by === undefined && !root ? { reason: 'no identity policy allows it' } : { reason: 'allowed', by };
}

function decideSameAccount(matches: PolicyMatches, prepared: PreparedRequest): Outcome {
  const grants = matches.resource.filter(allows);
  const direct = grants.find((grant) => grant.namedAs === 'direct');
  if (direct !== undefined) return { reason: 'allowed', by: direct };
  const role = grants.find((grant) => grant.namedAs === 'role');
  if (role !== undefined) return limited(matches, { reason: 'allowed', by: role });
  const required = ownPolicyMustAllow(prepared);
  if (required && grants.length === 0) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(matches, prepared);
  if (identity.reason !== 'allowed') return identity;
  return limited(matches, required ? { reason: 'allowed', by: grants[0] } : identity);
}

function decideCrossAccount(matches: PolicyMatches, prepared: PreparedRequest): Outcome {
  const grant = matches.resource.find(allows);
  if (grant === undefined) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(matches, prepared);
  return identity.reason === 'allowed' ? limited(matches, { reason: 'allowed', by: grant }) : identity;
}

function outcomeOf(matches: PolicyMatches, prepared: PreparedRequest): Outcome {
  const account = accountOf(prepared.request.caller);
  if (account === undefined) {
    const grant = matches.resource.find(allows);
    return grant === undefined ? { reason: 'no resource policy allows it' } : { reason: 'allowed', by: grant };
  }
  return isSameAccount(prepared.request, account)
    ? decideSameAccount(matches, prepared)
    : decideCrossAccount(matches, prepared);
}

function refOf({ answer: { policy, index, sid, statement } }: StatementMatch): StatementRef {
  return sid === undefined ? { policy, index, statement } : { policy, index, sid, statement };
}

/**
 * Decides a request as IAM does.
 *
 * - An explicit deny in any policy wins.
 * - Services, federated and anonymous callers: the resource's own policy must allow.
 * - Same account: identity policies or the resource's own policy must allow; for roles and KMS keys always the own policy. If it names
 *   the user, the session or everyone, nothing else is needed. If it names the role, boundary and session policies limit. If it names
 *   the account, the identity policies decide.
 * - Another account: both must allow, and boundary and session policies limit.
 *
 * An ARN without an account (a bucket) and without `resourceAccount` counts as the caller's own. Organization policies are not
 * evaluated.
 * @returns the decision; `decidedBy` is the resource's statement where its policy must allow, else the identity statement
 * @throws Error when a session's `roleArn` is not the ARN of a role
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(request: Request, policies: Policies): Decision {
  const prepared: PreparedRequest = {
    request,
    action: request.action.toLowerCase(),
    names: callerNames(request.caller),
    context: requestContext(request),
  };
  const matches = matchesOf(policies, prepared);
  const all = [...matches.resource, ...matches.identity, ...(matches.boundary ?? []), ...(matches.session ?? [])];
  const denied = all.find(denies);
  const { reason, by }: Outcome =
    denied === undefined ? outcomeOf(matches, prepared) : { reason: 'explicit deny', by: denied };
  const decision = {
    allowed: reason === 'allowed',
    action: request.action,
    reason,
    statements: all.map(({ answer }) => answer),
  };
  return by === undefined ? decision : { ...decision, decidedBy: refOf(by) };
}
