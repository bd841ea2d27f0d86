import { parseArn } from '../../iam/Arn';
import type { Call, Output, ApiResult } from '../api/Action';
import type { Input } from '../api/Input';
import { audiencesOf, claimText, readToken } from '../kubernetes/tokens';
import { iamArn, partitionOf } from '../world/arns';
import { recordEvent, serviceIdentity, signerIdentity, type EventIdentity, webIdentity } from './recordEvent';
import type { TrailEvent } from '../api/SandboxState';

const STS = 'sts.amazonaws.com';
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The names of parameters and results in a record start with a lower-case letter. */
function lowerFirst(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key.charAt(0).toLowerCase() + key.slice(1), child]),
  );
}

/** The answer of STS without secrets. */
function responseOf(output: Output): Record<string, unknown> {
  const { Credentials, AssumedRoleUser, ...rest } = output;
  const { AccessKeyId, SessionToken, Expiration } = Credentials as Record<string, unknown>;
  return {
    credentials: { accessKeyId: AccessKeyId, sessionToken: SessionToken, expiration: String(Expiration) },
    assumedRoleUser: lowerFirst(AssumedRoleUser as Record<string, unknown>),
    ...lowerFirst(rest),
  };
}

function resourcesOf(roleArn: string, answer: ApiResult): TrailEvent['resources'] {
  const role = { ResourceType: 'AWS::IAM::Role', ResourceName: roleArn };
  if ('error' in answer) return [role];
  const { Credentials, AssumedRoleUser } = answer.output as Record<string, Record<string, string>>;
  return [
    { ResourceType: 'AWS::IAM::AccessKey', ResourceName: textOf(Credentials?.AccessKeyId) },
    { ResourceType: 'AWS::STS::AssumedRole', ResourceName: textOf(AssumedRoleUser?.Arn) },
    role,
  ];
}

interface AssumedRole {
  readonly name: 'AssumeRole' | 'AssumeRoleWithWebIdentity';
  readonly input: Input;
  readonly call: Pick<Call, 'state' | 'region' | 'time' | 'userAgent'>;
  readonly identity: EventIdentity;
  /** The caller's account; empty for a service and for web identity. */
  readonly caller: string;
  readonly answer: ApiResult;
}

/**
 * Records that a role was assumed, or that this failed. The accounts of the role and of the caller get the event; a failed call is in the
 * caller's account only.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
function recordAssumption({ name, input, call, identity, caller, answer }: AssumedRole): void {
  const roleArn = textOf(input.RoleArn);
  const owner = parseArn(roleArn)?.account ?? '';
  // A record never contains the token.
  const parameters = Object.entries(input).filter(([key]) => key !== 'WebIdentityToken');
  const accounts = 'error' in answer && caller !== '' ? [caller] : [caller, owner];
  recordEvent(call.state, {
    name,
    source: STS,
    region: call.region,
    time: call.time,
    identity,
    userAgent: call.userAgent,
    requestParameters: lowerFirst(Object.fromEntries(parameters)),
    ...('error' in answer ? {} : { responseElements: responseOf(answer.output) }),
    resources: resourcesOf(roleArn, answer),
    recordResources: [{ accountId: owner, type: 'AWS::IAM::Role', ARN: roleArn }],
    accounts,
    answer,
  });
}

/** Records sts:AssumeRole by the caller who signed it. */
export function recordAssumeRole(input: Input, call: Call, answer: ApiResult): void {
  const { principal } = call;
  const identity = signerIdentity(principal);
  recordAssumption({ name: 'AssumeRole', input, call, identity, caller: principal.account, answer });
}

/** Records sts:AssumeRole by a service, for example `pods.eks.amazonaws.com`, in the role's account only. */
export function recordServiceAssumeRole(service: string, input: Input, call: Call, answer: ApiResult): void {
  recordAssumption({ name: 'AssumeRole', input, call, identity: serviceIdentity(service), caller: '', answer });
}

/** Records sts:AssumeRoleWithWebIdentity in the role's account. The identity is that of the token, valid or not. */
export function recordWebIdentity(input: Input, call: Call, answer: ApiResult): void {
  const token = readToken(textOf(input.WebIdentityToken));
  const account = parseArn(textOf(input.RoleArn))?.account ?? '';
  const issuer = token === undefined ? '' : claimText(token, 'iss').replace(/^https:\/\//, '');
  const provider = iamArn(partitionOf(call.region), account, 'oidc-provider', issuer);
  const identity =
    token === undefined
      ? { userIdentity: { type: 'WebIdentityUser' } }
      : webIdentity(provider, audiencesOf(token)[0] ?? '', claimText(token, 'sub'));
  recordAssumption({ name: 'AssumeRoleWithWebIdentity', input, call, identity, caller: '', answer });
}

/**
 * Records eks-auth:AssumeRoleForPodIdentity by a node's role in the cluster's account. The record names the cluster, and neither the service account nor the
 * role: EKS's own AssumeRole does.
 * Source: aws-samples, workshop of EKS Pod Identity: records of `lookup-events` with `"responseElements":null` and without `resources`
 */
export function recordPodIdentity(input: Input, call: Call, answer: ApiResult): void {
  const clusterName = textOf(input.name);
  recordEvent(call.state, {
    name: 'AssumeRoleForPodIdentity',
    source: 'eks-auth.amazonaws.com',
    region: call.region,
    time: call.time,
    identity: signerIdentity(call.principal),
    userAgent: call.userAgent,
    requestParameters: { clusterName, token: HIDDEN },
    resources: [{ ResourceType: 'AWS::EKS::Cluster', ResourceName: clusterName }],
    recordResources: [],
    accounts: [call.account],
    answer,
  });
}
