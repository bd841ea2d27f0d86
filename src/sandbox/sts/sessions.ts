import { parseArn } from '../../iam/Arn';
import type { NamedPolicy } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { SessionOrigin } from '../../iam/Request';
import type { Call, Output } from '../api/Action';
import { ApiError, notImplemented, validationError } from '../api/ApiError';
import { type Input, optionalNumber, optionalText, requiredText, structureList, textList } from '../api/Input';
import type { Session } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { managedDocument } from '../api/authorise';
import { findManagedPolicy } from '../api/managedPolicies';
import { malformedPolicy, readDocument, readTags } from '../iam/iamRequest';
import type { RoleState, Tags } from '../world/World';
import { newSecret, newUniqueId } from '../world/newEntities';

/** The parameters of AssumeRole and AssumeRoleWithWebIdentity. Source: the shapes of the STS API model. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly name: string;
  /** Seconds. Default: an hour. */
  readonly duration?: number;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly NamedPolicy[];
  /** The inline policy as it was sent, and the ARNs of the others. */
  readonly policyTexts: readonly string[];
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  /** The ARN of the cluster whose pod gets the session. Default: that of the caller's session. */
  readonly cluster?: string;
}

const ROLE_ARN = { pattern: /^arn:[\w-]+:iam::\d{12}:role\/[!-~]+$/, min: 20, max: 2048 };
/** Also the rule of a source identity. */
const NAME = { pattern: /^[\w+=,.@-]*$/, min: 2, max: 64 };

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy, PolicyArns) */
const SESSION_POLICY = { min: 1, max: 2048 };
const MAX_POLICY_ARNS = 10;

/**
 * The managed policies and the policy document of a session. The managed policies are of the role's account, or of AWS. Unknown: how AWS refuses one
 * that does not exist; `MalformedPolicyDocument` is the only error of the operations that fits.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy, PolicyArns)
 */
function readSessionPolicies(
  input: Input,
  call: Call,
  roleArn: string,
): Pick<SessionRequest, 'sessionPolicies' | 'policyTexts'> {
  const attached = structureList(input, 'PolicyArns').map((entry) =>
    requiredText(entry, 'arn', { min: 20, max: 2048 }),
  );
  if (attached.length > MAX_POLICY_ARNS) throw validationError(`a session has at most ${MAX_POLICY_ARNS} policy ARNs`);
  const { account = '', partition = '' } = parseArn(roleArn) ?? {};
  const managed = attached.map((arn) => {
    const found = findManagedPolicy(call.state.world, { account, partition }, arn);
    if (found === undefined) throw malformedPolicy(`Policy ${arn} does not exist or is not attachable.`);
    return { name: `session policy ${found}`, document: managedDocument(call.state.world, found) };
  });
  if (optionalText(input, 'Policy', SESSION_POLICY) === undefined)
    return { sessionPolicies: managed, policyTexts: attached };
  const { text, document } = readDocument(input, 'Policy', 'identity');
  const inline = { name: 'session policy', document: document satisfies PolicyDocument };
  return { sessionPolicies: [...managed, inline], policyTexts: [...attached, text] };
}

/** Parameters that change who can assume the role, and that the sandbox does not implement. */
const UNSUPPORTED = ['SerialNumber', 'TokenCode', 'ProvidedContexts', 'ProviderId'];

/** Reads the parameters of a session. Throws validation errors, and 501 for parameters that are not implemented. */
export function readSessionRequest(input: Input, call: Call): SessionRequest {
  const unsupported = UNSUPPORTED.find((key) => input[key] !== undefined);
  if (unsupported !== undefined) throw notImplemented(`the parameter ${unsupported} of sts:AssumeRole`);
  const tags = readTags(input, invalidParameterValue);
  const transitiveTagKeys = textList(input, 'TransitiveTagKeys');
  const missing = transitiveTagKeys.find(
    (key) => !Object.keys(tags).some((tag) => tag.toLowerCase() === key.toLowerCase()),
  );
  if (missing !== undefined) throw validationError(`the transitive tag key ${missing} is not among the session tags`);
  const duration = optionalNumber(input, 'DurationSeconds', 900, 43_200);
  const externalId = optionalText(input, 'ExternalId', { pattern: /^[\w+=,.@:/-]*$/, min: 2, max: 1224 });
  const sourceIdentity = optionalText(input, 'SourceIdentity', NAME);
  const roleArn = requiredText(input, 'RoleArn', ROLE_ARN);
  return {
    roleArn,
    name: requiredText(input, 'RoleSessionName', NAME),
    ...(duration === undefined ? {} : { duration }),
    tags,
    transitiveTagKeys,
    ...readSessionPolicies(input, call, roleArn),
    ...(externalId === undefined ? {} : { externalId }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

/** The duration of the session in seconds. A session that is assumed from a session has at most one hour. Throws for a longer duration. */
export function sessionDuration(request: SessionRequest, role: RoleState, chained: boolean): number {
  const { duration = 3600 } = request;
  if (chained && duration > 3600) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (duration > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return duration;
}

/**
 * The error for a session tag that cannot be set. The model does not list it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
function invalidParameterValue(message: string): ApiError {
  return new ApiError('InvalidParameterValue', 400, message);
}

/** The error for a session tag that is inherited already. */
export function transitiveConflict(): ApiError {
  return invalidParameterValue(
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );
}

/** The properties of a new session beside its role. */
export interface NewSession {
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly tags?: Readonly<Tags>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sessionPolicies?: readonly NamedPolicy[];
  readonly madeBy: SessionOrigin;
  /** The ARN of the OIDC provider of the token. */
  readonly provider?: string;
  /** The claims of the token that the session keeps. */
  readonly claims?: Readonly<Record<string, string>>;
  /** The ARN of the cluster whose pod gets the session. */
  readonly cluster?: string | undefined;
  readonly packedSize?: number | undefined;
  readonly sourceIdentity?: string | undefined;
}

/** Creates and stores a session of a role. Its credentials are valid from now on. */
export function newSession(state: SandboxState, role: RoleState, plan: NewSession): Session {
  const { partition = 'aws', account = '' } = parseArn(role.arn) ?? {};
  const issuedAt = state.clock();
  const session: Session = {
    accessKeyId: newUniqueId('ASIA'),
    secretAccessKey: newSecret(40),
    token: newSecret(200),
    account,
    roleArn: role.arn,
    roleId: role.id,
    name: plan.name,
    arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${plan.name}`,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + plan.duration * 1000),
    tags: plan.tags ?? {},
    transitiveTagKeys: plan.transitiveTagKeys ?? [],
    sessionPolicies: plan.sessionPolicies ?? [],
    madeBy: plan.madeBy,
    ...(plan.provider === undefined ? {} : { provider: plan.provider }),
    ...(plan.claims === undefined ? {} : { claims: plan.claims }),
    ...(plan.cluster === undefined ? {} : { cluster: plan.cluster }),
    ...(plan.packedSize === undefined ? {} : { packedSize: plan.packedSize }),
    ...(plan.sourceIdentity === undefined ? {} : { sourceIdentity: plan.sourceIdentity }),
  };
  state.sessions.set(session.accessKeyId, session);
  return session;
}

/** A session in an answer of STS. */
export function sessionView(session: Session): Output {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.token,
      Expiration: session.expiresAt,
    },
    AssumedRoleUser: { AssumedRoleId: `${session.roleId}:${session.name}`, Arn: session.arn },
    PackedPolicySize: session.packedSize,
    SourceIdentity: session.sourceIdentity,
  };
}
