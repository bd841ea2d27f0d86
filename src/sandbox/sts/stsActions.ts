import { parseArn } from '../../iam/Arn';
import type { Decision } from '../../iam/Decision';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Actions, Call, Output } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { organisationContext } from '../api/places';
import type { Input } from '../api/Input';
import { callerOf, type Principal, type Session } from '../api/Principal';
import { callContext, policiesOf } from '../api/authorise';
import { recordAssumeRole, recordWebIdentity } from '../cloudtrail/assumeRoleEvents';
import { trustPolicy } from '../iam/roles';
import type { Tags } from '../world/World';
import { visibleRole } from '../world/delayedChanges';
import { handleAssumeRoleWithWebIdentity } from './assumeRoleWithWebIdentity';
import { handleGetSessionToken } from './getSessionToken';
import { checkPackedSize } from './packedSize';
import {
  newSession,
  readSessionRequest,
  sessionDuration,
  type SessionRequest,
  sessionView,
  transitiveConflict,
} from './sessions';

/**
 * The tags that a session passes on to every session that is assumed from it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (Chaining roles with session tags)
 */
export function inheritedTags(principal: Principal): Tags {
  if (principal.kind !== 'session') return {};
  const keys = new Set(principal.session.transitiveTagKeys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(principal.session.tags).filter(([key]) => keys.has(key.toLowerCase())));
}

/** The source identity that a session keeps at every hop. */
function heldIdentity(principal: Principal): string | undefined {
  return principal.kind === 'session' ? principal.session.sourceIdentity : undefined;
}

function denied(principal: Principal, action: string, roleArn: string, decision?: Decision): ApiError {
  return new ApiError(
    'AccessDenied',
    403,
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${roleArn}`,
    {
      action,
      resource: roleArn,
      ...(decision === undefined ? {} : { decision }),
    },
  );
}

/**
 * Assumes a role as AWS does. The trust policy must allow the caller; the caller's own policies must allow it too when the trust policy names
 * the account. A session with tags, sent or inherited, needs `sts:TagSession`; one with a source identity, sent or inherited, `sts:SetSourceIdentity`. Another source
 * identity than that of the caller's session is denied; AWS's text for that is unknown. `duration` replaces the role's limits: services have their
 * own. Throws `AccessDenied`.
 * @param byEks the hop that EKS makes with the session of an association's role, with the duration in seconds. It comes from an address of AWS, which is
 *   not known
 */
export function assumeRole(request: SessionRequest, call: Call, byEks?: { readonly duration: number }): Session {
  const { state, principal } = call;
  const role = visibleRole(state, request.roleArn, 'sts');
  if (role === undefined) throw denied(principal, 'sts:AssumeRole', request.roleArn);
  const inherited = inheritedTags(principal);
  const conflict = Object.keys(request.tags).some((key) =>
    Object.keys(inherited).some((other) => other.toLowerCase() === key.toLowerCase()),
  );
  if (conflict) throw transitiveConflict();
  const held = heldIdentity(principal);
  const { sourceIdentity = held } = request;
  const result = decideAssumeRole({
    caller: callerOf(principal),
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    resourceTags: role.tags,
    trust: trustPolicy(state.world, role),
    callerPolicies: policiesOf(state.world, principal),
    context: {
      ...callContext(call),
      ...(byEks === undefined ? {} : { 'aws:SourceIp': [] }),
      ...organisationContext(state.world, 'Resource', parseArn(role.arn)?.account),
      'sts:RoleSessionName': request.name,
      ...(request.externalId === undefined ? {} : { 'sts:ExternalId': request.externalId }),
      // "Present in the request when the principal passes" it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
      ...(request.sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': request.sourceIdentity }),
    },
    tags: request.tags,
    transitiveTagKeys: request.transitiveTagKeys,
    inheritedTags: inherited,
    hasSourceIdentity: sourceIdentity !== undefined,
  });
  if (!result.assume.allowed) throw denied(principal, 'sts:AssumeRole', role.arn, result.assume);
  if (result.tagSession?.allowed === false) throw denied(principal, 'sts:TagSession', role.arn, result.tagSession);
  const changed = held !== undefined && sourceIdentity !== held;
  if (!result.allowed || changed) throw denied(principal, 'sts:SetSourceIdentity', role.arn, result.setSourceIdentity);
  const tags = { ...inherited, ...request.tags };
  return newSession(state, role, {
    name: request.name,
    duration: byEks?.duration ?? sessionDuration(request, role, principal.kind === 'session'),
    tags,
    transitiveTagKeys: [...Object.keys(inherited), ...request.transitiveTagKeys],
    sessionPolicies: request.sessionPolicies,
    madeBy: 'AssumeRole',
    cluster: request.cluster ?? (principal.kind === 'session' ? principal.session.cluster : undefined),
    packedSize: checkPackedSize({ tags, policies: request.policyTexts }),
    sourceIdentity,
  });
}

/** sts:AssumeRole. `assumeRole` checks the trust policy together with the caller's policies. */
export function handleAssumeRole(input: Input, call: Call): Output {
  return sessionView(assumeRole(readSessionRequest(input, call), call));
}

/**
 * The actions of STS. GetCallerIdentity and GetSessionToken need no permission. The others check the trust policy together with the caller's policies,
 * which `permissions` cannot express.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/
 */
export const stsActions: Actions = {
  GetCallerIdentity: {
    handle: (_input, { principal }) => ({ UserId: principal.id, Account: principal.account, Arn: principal.arn }),
  },
  GetSessionToken: { handle: handleGetSessionToken },
  AssumeRole: { handle: handleAssumeRole, record: recordAssumeRole },
  AssumeRoleWithWebIdentity: { handle: handleAssumeRoleWithWebIdentity, record: recordWebIdentity },
};
