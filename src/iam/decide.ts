import { parseArn } from './Arn';
import type { Decision, Policies, Reason, StatementAnswer, StatementRef } from './Decision';
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

/**
 * Service control policies concern users and roles of their accounts, and root users: not services, and not tokens of identity providers. Resource control
 * policies concern everyone. Neither concerns service-linked roles.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html and orgs_manage_policies_rcps.html
 */
function organisationMatches({ organisation }: Policies, prepared: PreparedRequest): readonly StatementMatch[] {
  if (organisation === undefined) return [];
  const { caller } = prepared.request;
  if ('roleArn' in caller && caller.roleArn.includes(':role/aws-service-role/')) return [];
  const { service = [], resource = [] } = organisation;
  const all = [...(accountOf(caller) === undefined ? [] : service), ...resource];
  return all.flatMap((policy) => matchPolicy(policy, prepared, false));
}

/** Whether a statement with open conditions counts as one that applies. */
interface Counted {
  readonly allow: boolean;
  readonly deny: boolean;
}

/** The statements that allow, by the kind of their policy. */
type Grants = PolicyMatches;

function grantsOf({ identity, resource, boundary, session }: PolicyMatches, { allow }: Counted): Grants {
  const allowing = (matches: readonly StatementMatch[]) =>
    matches.filter(({ answer }) => answer.statement.Effect === 'Allow' && counts(answer, allow));
  return {
    identity: allowing(identity),
    resource: allowing(resource),
    ...(boundary === undefined ? {} : { boundary: allowing(boundary) }),
    ...(session === undefined ? {} : { session: allowing(session) }),
  };
}

function counts({ applies, openConditions }: StatementAnswer, open: boolean): boolean {
  return applies || (open && openConditions !== undefined);
}

interface Outcome {
  readonly reason: Reason;
  readonly by?: StatementMatch | undefined;
}

/** An outcome that permissions boundary and session policies limit: both must allow the request too. */
function limited({ boundary, session }: Grants, outcome: Outcome): Outcome {
  if (boundary?.length === 0) return { reason: 'permissions boundary does not allow it' };
  if (session?.length === 0) return { reason: 'session policy does not allow it' };
  return outcome;
}

/**
 * The root user of an account needs no identity policy, but cannot assume roles.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function identityAllows({ identity: [by] }: Grants, { request, action }: PreparedRequest): Outcome {
  const root = request.caller.kind === 'account' && !action.startsWith('sts:');
  return by === undefined && !root ? { reason: 'no identity policy allows it' } : { reason: 'allowed', by };
}

function decideSameAccount(grants: Grants, prepared: PreparedRequest): Outcome {
  const { resource } = grants;
  const direct = resource.find((grant) => grant.namedAs === 'direct');
  if (direct !== undefined) return { reason: 'allowed', by: direct };
  const role = resource.find((grant) => grant.namedAs === 'role');
  if (role !== undefined) return limited(grants, { reason: 'allowed', by: role });
  const required = ownPolicyMustAllow(prepared);
  if (required && resource.length === 0) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(grants, prepared);
  if (identity.reason !== 'allowed') return identity;
  return limited(grants, required ? { reason: 'allowed', by: resource[0] } : identity);
}

function decideCrossAccount(grants: Grants, prepared: PreparedRequest): Outcome {
  const [grant] = grants.resource;
  if (grant === undefined) return { reason: 'no resource policy allows it' };
  const identity = identityAllows(grants, prepared);
  return identity.reason === 'allowed' ? limited(grants, { reason: 'allowed', by: grant }) : identity;
}

function outcomeOf(
  all: readonly StatementMatch[],
  matches: PolicyMatches,
  prepared: PreparedRequest,
  counted: Counted,
): Outcome {
  const denied = all.find(({ answer }) => answer.statement.Effect === 'Deny' && counts(answer, counted.deny));
  if (denied !== undefined) return { reason: 'explicit deny', by: denied };
  const grants = grantsOf(matches, counted);
  const account = accountOf(prepared.request.caller);
  if (account === undefined) {
    const [grant] = grants.resource;
    return grant === undefined ? { reason: 'no resource policy allows it' } : { reason: 'allowed', by: grant };
  }
  return isSameAccount(prepared.request, account)
    ? decideSameAccount(grants, prepared)
    : decideCrossAccount(grants, prepared);
}

/**
 * The outcome if every statement with open conditions is to the caller's disadvantage. It is the outcome, unless the opposite would allow the request.
 */
function withOpen(
  all: readonly StatementMatch[],
  matches: PolicyMatches,
  prepared: PreparedRequest,
): Outcome & Pick<Decision, 'dependsOn'> {
  const least = outcomeOf(all, matches, prepared, { allow: false, deny: true });
  const open = all.flatMap((match) =>
    (match.answer.openConditions ?? []).map((condition) => ({ ...condition, of: refOf(match) })),
  );
  if (least.reason === 'allowed' || open.length === 0) return least;
  const most = outcomeOf(all, matches, prepared, { allow: true, deny: false });
  if (most.reason !== 'allowed') return most;
  // Without an open Deny the answer can be clear: then an open Allow does not matter.
  const isGranted = outcomeOf(all, matches, prepared, { allow: false, deny: false }).reason === 'allowed';
  return {
    reason: 'depends on the request',
    by: most.by,
    dependsOn: isGranted ? open.filter(({ of }) => of.statement.Effect === 'Deny') : open,
  };
}

function refOf({ answer: { policy, index, sid, statement } }: StatementMatch): StatementRef {
  return sid === undefined ? { policy, index, statement } : { policy, index, sid, statement };
}

/**
 * Decides a request as IAM does.
 *
 * - An explicit deny in any policy wins, also in one of the organisation.
 * - Services, federated and anonymous callers: the resource's own policy must allow.
 * - Same account: identity policies or the resource's own policy must allow; for roles and KMS keys always the own policy. If it names
 *   the user, the session or everyone, nothing else is needed. If it names the role, boundary and session policies limit. If it names
 *   the account, the identity policies decide.
 * - Another account: both must allow, and boundary and session policies limit.
 *
 * If the context of the request is not complete, a statement can have open conditions. The request is allowed only if it is so with none of the
 * open statements that allow and all that deny, and denied only if it is so the other way round; else the decision depends on the open conditions.
 *
 * An ARN without an account (a bucket) and without `resourceAccount` counts as the caller's own. Of the organisation's policies only what denies is
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
  const all = [
    ...matches.resource,
    ...matches.identity,
    ...(matches.boundary ?? []),
    ...(matches.session ?? []),
    ...organisationMatches(policies, prepared),
  ];
  const { reason, by, dependsOn } = withOpen(all, matches, prepared);
  return {
    allowed: reason === 'allowed',
    ...(dependsOn === undefined ? undefined : { dependsOn }),
    action: request.action,
    reason,
    ...(by === undefined ? undefined : { decidedBy: refOf(by) }),
    statements: all.map(({ answer }) => answer),
  };
}
