import { parseArn } from './Arn';
import type { Decision, Policies, Reason, StatementRef } from './Decision';
import { matchPolicy } from './matchPolicy';
import { callerNames } from './matchPrincipal';
import type { PreparedRequest, StatementMatch } from './matchStatement';
import type { Caller, Request } from './Request';
import { requestContext } from './RequestContext';

/**
 * Resources whose own policy must allow, also within one account: roles (their trust policy) and KMS keys.
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

/** The account of a caller that has identity policies; nothing for services, federated and anonymous callers. */
function accountOf(caller: Caller): string | undefined {
  if (caller.kind === 'user' || caller.kind === 'account') return parseArn(caller.arn)?.account;
  if (caller.kind === 'role' || caller.kind === 'session') return parseArn(caller.roleArn)?.account;
  return undefined;
}

/** The account of the resource; `*` and ARNs without an account count as the caller's own. */
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

/** What each kind of policy has to say; `boundary` and `session` are absent when there is none to limit. */
interface Voices {
  readonly identity: readonly StatementMatch[];
  readonly resource: readonly StatementMatch[];
  readonly boundary?: readonly StatementMatch[];
  readonly session?: readonly StatementMatch[];
}

function listen(policies: Policies, prepared: PreparedRequest): Voices {
  const { identity = [], resource, boundary, session = [] } = policies;
  return {
    identity: identity.flatMap((policy) => matchPolicy(policy, prepared, false)),
    resource: resource === undefined ? [] : matchPolicy(resource, prepared, true),
    ...(boundary === undefined ? {} : { boundary: matchPolicy(boundary, prepared, false) }),
    ...(session.length === 0 ? {} : { session: session.flatMap((policy) => matchPolicy(policy, prepared, false)) }),
  };
}

interface Verdict {
  readonly reason: Reason;
  readonly by?: StatementMatch | undefined;
}

/** A word for the request stands unless the boundary or the session policies keep silent. */
function limited({ boundary, session }: Voices, verdict: Verdict): Verdict {
  if (boundary?.some(allows) === false) return { reason: 'permissions boundary does not allow it' };
  if (session?.some(allows) === false) return { reason: 'session policy does not allow it' };
  return verdict;
}

/**
 * The account's root user needs no identity policy, but may not assume roles.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function identityAllows({ identity }: Voices, { request, action }: PreparedRequest): Verdict {
  const by = identity.find(allows);
  const root = request.caller.kind === 'account' && !action.startsWith('sts:');
  return by === undefined && !root ? { reason: 'no identity policy allows it' } : { reason: 'allowed', by };
}

function judgeSameAccount(voices: Voices, prepared: PreparedRequest): Verdict {
  const grants = voices.resource.filter(allows);
  const direct = grants.find((grant) => grant.namedAs === 'direct');
  if (direct !== undefined) return { reason: 'allowed', by: direct };
  const role = grants.find((grant) => grant.namedAs === 'role');
  if (role !== undefined) return limited(voices, { reason: 'allowed', by: role });
  const required = ownPolicyMustAllow(prepared);
  if (required && grants.length === 0) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(voices, prepared);
  if (identity.reason !== 'allowed') return identity;
  return limited(voices, required ? { reason: 'allowed', by: grants[0] } : identity);
}

function judgeCrossAccount(voices: Voices, prepared: PreparedRequest): Verdict {
  const grant = voices.resource.find(allows);
  if (grant === undefined) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(voices, prepared);
  return identity.reason === 'allowed' ? limited(voices, { reason: 'allowed', by: grant }) : identity;
}

function judge(voices: Voices, prepared: PreparedRequest): Verdict {
  const account = accountOf(prepared.request.caller);
  if (account === undefined) {
    const grant = voices.resource.find(allows);
    return grant === undefined ? { reason: 'no resource policy allows it' } : { reason: 'allowed', by: grant };
  }
  return isSameAccount(prepared.request, account)
    ? judgeSameAccount(voices, prepared)
    : judgeCrossAccount(voices, prepared);
}

function refOf({ answer: { policy, index, sid, statement } }: StatementMatch): StatementRef {
  return sid === undefined ? { policy, index, statement } : { policy, index, sid, statement };
}

/**
 * Decides a request as IAM does.
 *
 * - An explicit deny in any policy wins.
 * - Services, federated and anonymous callers: the resource's own policy alone must allow.
 * - Same account: identity policies or the resource's own policy; roles and KMS keys always want their own. Naming the
 *   user, the session or everyone grants by itself; naming the role is limited by boundary and session policies; naming
 *   the account leaves it to the identity policies.
 * - Another account: both must allow, and boundary and session policies limit.
 *
 * An ARN without an account (a bucket) and without `resourceAccount` counts as the caller's own.
 * Organization policies are not evaluated.
 * @returns the answer; `decidedBy` is the resource's statement where that had to allow, else the identity statement
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
  const voices = listen(policies, prepared);
  const all = [...voices.resource, ...voices.identity, ...(voices.boundary ?? []), ...(voices.session ?? [])];
  const denied = all.find(denies);
  const { reason, by }: Verdict =
    denied === undefined ? judge(voices, prepared) : { reason: 'explicit deny', by: denied };
  const decision = {
    allowed: reason === 'allowed',
    action: request.action,
    reason,
    statements: all.map(({ answer }) => answer),
  };
  return by === undefined ? decision : { ...decision, decidedBy: refOf(by) };
}
