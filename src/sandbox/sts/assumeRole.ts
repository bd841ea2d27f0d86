import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Decision } from '../../iam/Decision';
import type { Call, Output } from '../api/Action';
import { principalContext } from '../api/contextOf';
import { Fault } from '../api/Fault';
import type { Input } from '../api/Input';
import { policiesOf } from '../api/policiesOf';
import { callerOf, type Principal, type Session } from '../api/Principal';
import { trustPolicy } from '../iam/trustedRoles';
import { roleByArn } from '../world/findState';
import { seenRole } from '../world/seenState';
import { inheritedTags } from './inheritedTags';
import { newSession, sessionView } from './newSession';
import { readSessionRequest, sessionDuration, transitiveConflict, type SessionRequest } from './sessionRequest';

function denied(principal: Principal, action: string, roleArn: string, decision?: Decision): Fault {
  return new Fault(
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
 * Assumes a role as AWS does: the trust policy must let the caller in, the caller's own policies must allow it where the
 * trust leaves it to the account, and `sts:TagSession` is asked for as soon as the session will carry tags, sent or inherited.
 * `duration` overrules the role's limits: services that assume roles have their own. Throws `AccessDenied`.
 */
export function assumeRole(request: SessionRequest, call: Call, duration?: number): Session {
  const { state, principal } = call;
  const role = seenRole(state, request.roleArn);
  if (role === undefined) throw denied(principal, 'sts:AssumeRole', request.roleArn);
  const inherited = inheritedTags(principal);
  const conflict = Object.keys(request.tags).some((key) =>
    Object.keys(inherited).some((other) => other.toLowerCase() === key.toLowerCase()),
  );
  if (conflict) throw transitiveConflict();
  const callerRole = principal.kind === 'session' ? roleByArn(state.world, principal.session.roleArn) : undefined;
  const verdict = decideAssumeRole({
    caller: callerOf(principal),
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustPolicy(state.world, role),
    callerPolicies: policiesOf(state.world, principal),
    context: {
      ...principalContext(principal, callerRole?.tags ?? {}, call.time),
      'aws:RequestedRegion': call.region,
      'sts:RoleSessionName': request.name,
      ...(request.externalId === undefined ? {} : { 'sts:ExternalId': request.externalId }),
    },
    tags: request.tags,
    transitiveTagKeys: request.transitiveTagKeys,
    inheritedTags: inherited,
  });
  if (!verdict.assume.allowed) throw denied(principal, 'sts:AssumeRole', role.arn, verdict.assume);
  if (!verdict.allowed) throw denied(principal, 'sts:TagSession', role.arn, verdict.tagSession);
  return newSession(state, role, {
    name: request.name,
    duration: duration ?? sessionDuration(request, role, principal.kind === 'session'),
    tags: { ...inherited, ...request.tags },
    transitiveTagKeys: [...Object.keys(inherited), ...request.transitiveTagKeys],
    sessionPolicies: request.sessionPolicies,
  });
}

/** sts:AssumeRole. The policies are asked in `assumeRole`, trust and caller's together. */
export function handleAssumeRole(input: Input, call: Call): Output {
  return sessionView(assumeRole(readSessionRequest(input, call), call));
}
