import { parseArn } from '../../iam/Arn';
import type { Decision, NamedPolicy, Policies, Reason } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Context } from '../../iam/Request';
import { decide } from '../../iam/decide';
import { roleByArn, type RoleState, type Tags, type World } from '../world/World';
import type { Call, Permission } from './Action';
import { ApiError } from './ApiError';
import { callerOf, type Principal } from './Principal';
import { awsManagedPolicy } from './awsManagedPolicies';
import { addressContext, organisationContext } from './places';

/** Tags as condition keys: `aws:RequestTag/team` and so on. */
export function tagContext(
  prefix: 'aws:RequestTag' | 'aws:ResourceTag' | 'aws:PrincipalTag',
  tags: Readonly<Tags>,
): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** The tags of a request as condition keys: `aws:RequestTag/…` and `aws:TagKeys`. Empty for a request without tags. */
export function requestTagContext(tags: Readonly<Tags>): Context {
  const keys = Object.keys(tags);
  return keys.length === 0 ? {} : { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': keys };
}

/** The cluster from whose pods or nodes a principal's requests come. */
function clusterOf(principal: Principal): string | undefined {
  if (principal.kind === 'session') return principal.session.cluster;
  return principal.kind === 'node' ? principal.cluster : undefined;
}

/**
 * The global condition keys of a call beside those that the policy engine derives from the caller (`src/iam/contextKeys.ts`).
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function callContext({ state, principal, time, region, userAgent }: Call): Context {
  const { world } = state;
  const common = {
    'aws:CurrentTime': time.toISOString(),
    'aws:EpochTime': String(Math.floor(time.getTime() / 1000)),
    'aws:RequestedRegion': region,
    ...(userAgent === undefined ? {} : { 'aws:UserAgent': userAgent }),
    ...addressContext(world, clusterOf(principal)),
  };
  if (principal.kind === 'anonymous') return common;
  const signed = {
    ...common,
    ...organisationContext(world, 'Principal', principal.account),
    'aws:userid': principal.id,
  };
  if (principal.kind === 'administrator' && principal.session !== undefined) {
    // Temporary credentials have the key, with or without a code of MFA: the page above.
    const issued = principal.session.issuedAt.toISOString();
    return { ...signed, 'aws:TokenIssueTime': issued, 'aws:MultiFactorAuthPresent': 'false' };
  }
  if (principal.kind !== 'session') return signed;
  const { session } = principal;
  const roleTags = roleByArn(world, session.roleArn)?.tags;
  return {
    ...signed,
    'aws:TokenIssueTime': session.issuedAt.toISOString(),
    ...session.claims,
    ...(session.sourceIdentity === undefined ? {} : { 'aws:SourceIdentity': session.sourceIdentity }),
    // A session tag replaces the role tag with the same key.
    ...tagContext('aws:PrincipalTag', { ...roleTags, ...session.tags }),
  };
}

const ADMINISTRATOR: NamedPolicy = {
  name: 'AdministratorAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

/** The permission of a node role that the seed does not describe; the managed policy AmazonEKSWorkerNodePolicy has it. */
const NODE: NamedPolicy = {
  name: 'AmazonEKSWorkerNodePolicy',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'eks-auth:AssumeRoleForPodIdentity', Resource: '*' }],
  },
};

const NO_PERMISSIONS: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/** The document of a managed policy in its default version. A policy that does not exist any more allows nothing. */
export function managedDocument(world: World, arn: string): PolicyDocument {
  const owner = parseArn(arn)?.account ?? '';
  const policy = world.accounts[owner]?.policies[arn.toLowerCase()];
  if (policy === undefined) return awsManagedPolicy(arn)?.document ?? NO_PERMISSIONS;
  const version = policy.versions.find((candidate) => candidate.id === policy.defaultVersion);
  return version === undefined ? NO_PERMISSIONS : (JSON.parse(version.document) as PolicyDocument);
}

/** The identity policies and the boundary of a role, with names for explanations. */
export function policiesOfRole(world: World, role: RoleState): Policies {
  const inline = Object.entries(role.inline).map(([name, document]) => ({
    name: `inline policy ${name} of ${role.arn}`,
    document: JSON.parse(document) as PolicyDocument,
  }));
  const attached = role.attached.map((arn) => ({
    name: `managed policy ${arn}`,
    document: managedDocument(world, arn),
  }));
  const identity = [...inline, ...attached];
  if (role.boundary === undefined) return { identity };
  const boundary = { name: `permissions boundary ${role.boundary}`, document: managedDocument(world, role.boundary) };
  return { identity, boundary };
}

/** All policies that apply to a principal: those of its role now, and those of its session. */
export function policiesOf(world: World, principal: Principal): Policies {
  switch (principal.kind) {
    case 'administrator':
      return { identity: [ADMINISTRATOR] };
    case 'node': {
      if (principal.roleArn === undefined) return { identity: [NODE] };
      const role = roleByArn(world, principal.roleArn);
      return role === undefined ? { identity: [] } : policiesOfRole(world, role);
    }
    case 'anonymous':
      return { identity: [] };
    case 'session': {
      const role = roleByArn(world, principal.session.roleArn);
      const policies = role === undefined ? { identity: [] } : policiesOfRole(world, role);
      const { sessionPolicies } = principal.session;
      return sessionPolicies.length === 0 ? policies : { ...policies, session: sessionPolicies };
    }
  }
}

/**
 * The end of AWS's message for each reason; `ACTION` is replaced with the action.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const REASON_TEXTS: Readonly<Partial<Record<Reason, string>>> = {
  'no identity policy allows it': 'because no identity-based policy allows the ACTION action',
  'no resource policy allows it': 'because no resource-based policy allows the ACTION action',
  'permissions boundary does not allow it': 'because no permissions boundary allows the ACTION action',
  'session policy does not allow it': 'because no session policy allows the ACTION action',
};

function reasonText(decision: Decision): string {
  if (decision.reason === 'explicit deny') {
    const policy = decision.decidedBy?.policy ?? '';
    const kind = policy.startsWith('permissions boundary') ? 'a permissions boundary' : 'an identity-based policy';
    return ` with an explicit deny in ${kind}`;
  }
  return ` ${(REASON_TEXTS[decision.reason] ?? '').replace('ACTION', decision.action)}`;
}

/** Checks one permission with the caller's policies. Throws `AccessDenied` with AWS's message and the decision. */
export function authorise(permission: Permission, call: Call): void {
  const { state, principal } = call;
  const { action, resource, resourceTags } = permission;
  const owner = parseArn(resource)?.account;
  const decision = decide(
    {
      caller: callerOf(principal),
      action,
      resource,
      // AWS's own policies belong to no account: access to them is never cross-account.
      ...(owner === undefined || !/^\d{12}$/.test(owner) ? { resourceAccount: principal.account } : {}),
      ...(resourceTags === undefined ? {} : { resourceTags }),
      context: {
        ...callContext(call),
        ...organisationContext(state.world, 'Resource', owner === '' ? principal.account : owner),
        ...permission.context,
      },
    },
    policiesOf(state.world, principal),
  );
  if (decision.allowed) return;
  const message = `User: ${principal.arn} is not authorized to perform: ${decision.action} on resource: ${resource}${reasonText(decision)}`;
  throw new ApiError('AccessDenied', 403, message, { action, resource, decision });
}
