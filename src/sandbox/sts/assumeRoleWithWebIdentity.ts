import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Decision } from '../../iam/Decision';
import type { Call, Output } from '../api/Action';
import { callContext } from '../api/authorise';
import { ApiError } from '../api/ApiError';
import { addressContext, organisationContext } from '../api/places';
import { requiredText, type Input } from '../api/Input';
import { trustPolicy } from '../iam/roles';
import { audiencesOf, claimText, isExpired, isSignedBy, readToken, type Token } from '../kubernetes/tokens';
import { parseArn } from '../../iam/Arn';
import { iamArn } from '../world/arns';
import { clusterByIssuer, type OidcProviderState } from '../world/World';
import { visibleRole } from '../world/delayedChanges';
import { checkPackedSize } from './packedSize';
import { newSession, readSessionRequest, sessionDuration, sessionView } from './sessions';

const ACTION = 'sts:AssumeRoleWithWebIdentity';

function invalidToken(roleArn: string, message: string): ApiError {
  return new ApiError('InvalidIdentityToken', 400, message, { action: ACTION, resource: roleArn });
}

function notAuthorised(roleArn: string, decision?: Decision): ApiError {
  const denied = { action: ACTION, resource: roleArn, ...(decision === undefined ? {} : { decision }) };
  return new ApiError('AccessDenied', 403, `Not authorized to perform ${ACTION}`, denied);
}

/**
 * The OIDC provider of a token in the role's account, after all checks of the token: issuer, signature, expiry, audience. Throws the errors
 * of STS.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
function checkToken(token: Token, roleArn: string, call: Call): OidcProviderState {
  const { partition = '', account = '' } = parseArn(roleArn) ?? {};
  const { world } = call.state;
  const issuer = claimText(token, 'iss');
  const providers = world.accounts[account]?.oidcProviders ?? {};
  const provider = providers[iamArn(partition, account, 'oidc-provider', issuer.replace(/^https:\/\//, ''))];
  if (provider === undefined)
    throw invalidToken(roleArn, `No OpenIDConnect provider found in your account for ${issuer}`);
  const cluster = clusterByIssuer(world, issuer);
  if (cluster === undefined || !isSignedBy(token, cluster)) {
    throw invalidToken(
      roleArn,
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  if (isExpired(token, call.time)) {
    const now = Math.floor(call.time.getTime() / 1000);
    throw new ApiError(
      'ExpiredTokenException',
      400,
      `Token expired: current date/time ${now} must be before the expiration date/time ${String(token.claims.exp)}`,
      { action: ACTION, resource: roleArn },
    );
  }
  if (!audiencesOf(token).some((audience) => provider.clientIds.includes(audience))) {
    throw invalidToken(roleArn, 'Incorrect token audience');
  }
  return provider;
}

/** sts:AssumeRoleWithWebIdentity. It needs a token instead of a signature. The session has no tags. */
export function handleAssumeRoleWithWebIdentity(input: Input, call: Call): Output {
  const request = readSessionRequest(input, call);
  const { roleArn } = request;
  const token = readToken(requiredText(input, 'WebIdentityToken', { min: 4, max: 20_000 }));
  if (token === undefined) {
    throw invalidToken(
      roleArn,
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  const provider = checkToken(token, roleArn, call);
  const role = visibleRole(call.state, roleArn, 'sts');
  if (role === undefined) throw notAuthorised(roleArn);
  const audience = audiencesOf(token).find((candidate) => provider.clientIds.includes(candidate)) ?? '';
  const subject = claimText(token, 'sub');
  const cluster = clusterByIssuer(call.state.world, claimText(token, 'iss'))?.arn;
  const account = parseArn(role.arn)?.account;
  const claims = { [`${provider.url}:sub`]: subject, [`${provider.url}:aud`]: audience };
  const result = decideAssumeRole({
    caller: { kind: 'federated', provider: provider.arn },
    operation: ACTION,
    roleArn,
    resourceTags: role.tags,
    trust: trustPolicy(call.state.world, role),
    context: {
      ...callContext(call),
      ...addressContext(call.state.world, cluster),
      ...organisationContext(call.state.world, 'Resource', account),
      'sts:RoleSessionName': request.name,
      ...claims,
    },
  });
  if (!result.allowed) throw notAuthorised(roleArn, result.assume);
  const session = newSession(call.state, role, {
    name: request.name,
    duration: sessionDuration(request, role, false),
    sessionPolicies: request.sessionPolicies,
    madeBy: 'AssumeRoleWithWebIdentity',
    provider: provider.arn,
    claims,
    cluster,
    packedSize: checkPackedSize({ tags: {}, policies: request.policyTexts }),
  });
  return { ...sessionView(session), SubjectFromWebIdentityToken: subject, Audience: audience, Provider: provider.arn };
}
