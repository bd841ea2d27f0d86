import type { NamedPolicy } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Call } from '../api/Action';
import { Fault, notImplemented, validationFault } from '../api/Fault';
import { optionalNumber, optionalText, requiredText, structureList, textList, type Input } from '../api/Input';
import { managedDocument } from '../api/policiesOf';
import { readDocument } from '../iam/readDocument';
import { readTags } from '../iam/tags';
import type { RoleState, Tags } from '../world/World';

/** What AssumeRole and its kin say about the session they want. Source: the shapes of the STS API model. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly name: string;
  /** Seconds; absent when the caller leaves it to the role. */
  readonly duration?: number;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly NamedPolicy[];
  readonly externalId?: string;
}

const ROLE_ARN = { pattern: /^arn:[\w-]+:iam::\d{12}:role\/[!-~]+$/, min: 20, max: 2048 };
const NAME = { pattern: /^[\w+=,.@-]*$/, min: 2, max: 64 };
const MAX_TAGS = 50;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Policy, PolicyArns) */
const SESSION_POLICY = { min: 1, max: 2048 };
const MAX_POLICY_ARNS = 10;

function readSessionPolicies(input: Input, call: Call): readonly NamedPolicy[] {
  const attached = structureList(input, 'PolicyArns').map((entry) =>
    requiredText(entry, 'arn', { min: 20, max: 2048 }),
  );
  if (attached.length > MAX_POLICY_ARNS) throw validationFault(`a session has at most ${MAX_POLICY_ARNS} policy ARNs`);
  const managed = attached.map((arn) => ({
    name: `session policy ${arn}`,
    document: managedDocument(call.state.world, arn),
  }));
  if (optionalText(input, 'Policy', SESSION_POLICY) === undefined) return managed;
  const { document } = readDocument(input, 'Policy', 'identity');
  return [...managed, { name: 'session policy', document: document satisfies PolicyDocument }];
}

/** Parameters that would change who gets in, and that the sandbox has no rules for. */
const UNKNOWN = ['SourceIdentity', 'SerialNumber', 'TokenCode', 'ProvidedContexts', 'ProviderId'];

/** Reads the parameters of a session. Throws validation faults, and 501 for parameters it has no rules for. */
export function readSessionRequest(input: Input, call: Call): SessionRequest {
  const unknown = UNKNOWN.find((key) => input[key] !== undefined);
  if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} of sts:AssumeRole and its kin`);
  const tags = readTags(input);
  if (Object.keys(tags).length > MAX_TAGS) throw validationFault(`a session has at most ${MAX_TAGS} tags`);
  const transitiveTagKeys = textList(input, 'TransitiveTagKeys');
  const missing = transitiveTagKeys.find(
    (key) => !Object.keys(tags).some((tag) => tag.toLowerCase() === key.toLowerCase()),
  );
  if (missing !== undefined) throw validationFault(`the transitive tag key ${missing} is not among the session tags`);
  const duration = optionalNumber(input, 'DurationSeconds', 900, 43_200);
  const externalId = optionalText(input, 'ExternalId', { pattern: /^[\w+=,.@:/-]*$/, min: 2, max: 1224 });
  return {
    roleArn: requiredText(input, 'RoleArn', ROLE_ARN),
    name: requiredText(input, 'RoleSessionName', NAME),
    ...(duration === undefined ? {} : { duration }),
    tags,
    transitiveTagKeys,
    sessionPolicies: readSessionPolicies(input, call),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** How long the session lasts, in seconds. A session made from a session lasts an hour at most. Throws for too long a wish. */
export function sessionDuration(request: SessionRequest, role: RoleState, chained: boolean): number {
  const { duration = 3600 } = request;
  if (chained && duration > 3600) {
    throw validationFault(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (duration > role.maxSessionDuration) {
    throw validationFault('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return duration;
}

/** The error for a session tag that an inherited one has already set. */
export function transitiveConflict(): Fault {
  return new Fault(
    'InvalidParameterValue',
    400,
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );
}
