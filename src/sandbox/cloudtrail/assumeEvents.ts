import { parseArn } from '../../iam/Arn';
import type { Call, Output, TrailedAnswer } from '../api/Action';
import type { Input } from '../api/Input';
import { audiencesOf, claimText, readToken } from '../kubernetes/tokens';
import { iamArn, partitionOf } from '../world/arns';
import { recordEvent, serviceIdentity, signerIdentity, type TrailIdentity, webIdentity } from './recordEvent';
import type { TrailEvent } from '../api/SandboxState';

const STS = 'sts.amazonaws.com';
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Names of parameters and results as records write them: with a small first letter. */
function lowerFirst(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key.charAt(0).toLowerCase() + key.slice(1), child]),
  );
}

/** What STS answered, without secrets. */
function responseOf(output: Output): Record<string, unknown> {
  const { Credentials, AssumedRoleUser, ...rest } = output;
  const { AccessKeyId, SessionToken, Expiration } = Credentials as Record<string, unknown>;
  return {
    credentials: { accessKeyId: AccessKeyId, sessionToken: SessionToken, expiration: String(Expiration) },
    assumedRoleUser: lowerFirst(AssumedRoleUser as Record<string, unknown>),
    ...lowerFirst(rest),
  };
}

function resourcesOf(roleArn: string, answer: TrailedAnswer): TrailEvent['resources'] {
  const role = { ResourceType: 'AWS::IAM::Role', ResourceName: roleArn };
  if ('fault' in answer) return [role];
  const { Credentials, AssumedRoleUser } = answer.output as Record<string, Record<string, string>>;
  return [
    { ResourceType: 'AWS::IAM::AccessKey', ResourceName: textOf(Credentials?.AccessKeyId) },
    { ResourceType: 'AWS::STS::AssumedRole', ResourceName: textOf(AssumedRoleUser?.Arn) },
    role,
  ];
}

interface Assumption {
  readonly name: 'AssumeRole' | 'AssumeRoleWithWebIdentity';
  readonly input: Input;
  readonly call: Pick<Call, 'state' | 'region' | 'time'>;
  readonly identity: TrailIdentity;
  /** The account of whoever asks; empty for nobody's. */
  readonly caller: string;
  readonly answer: TrailedAnswer;
}

/**
 * A role was assumed, or not. The role's account has the event, and the caller's; what was denied across accounts, the
 * caller's alone.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
function recordAssumption({ name, input, call, identity, caller, answer }: Assumption): void {
  const roleArn = textOf(input.RoleArn);
  const owner = parseArn(roleArn)?.account ?? '';
  // The token is nobody's to read.
  const parameters = Object.entries(input).filter(([key]) => key !== 'WebIdentityToken');
  const accounts = 'fault' in answer && caller !== '' ? [caller] : [caller, owner];
  recordEvent(call.state, {
    name,
    source: STS,
    region: call.region,
    time: call.time,
    identity,
    requestParameters: lowerFirst(Object.fromEntries(parameters)),
    ...('fault' in answer ? {} : { responseElements: responseOf(answer.output) }),
    resources: resourcesOf(roleArn, answer),
    recordResources: [{ accountId: owner, type: 'AWS::IAM::Role', ARN: roleArn }],
    accounts,
    answer,
  });
}

/** sts:AssumeRole by whoever signed it. */
export function trailAssumeRole(input: Input, call: Call, answer: TrailedAnswer): void {
  const { principal } = call;
  const identity = signerIdentity(principal);
  recordAssumption({ name: 'AssumeRole', input, call, identity, caller: principal.account, answer });
}

/** sts:AssumeRole by a service, `pods.eks.amazonaws.com`: it stands in the role's account alone. */
export function trailServiceAssumeRole(service: string, input: Input, call: Call, answer: TrailedAnswer): void {
  recordAssumption({ name: 'AssumeRole', input, call, identity: serviceIdentity(service), caller: '', answer });
}

/** sts:AssumeRoleWithWebIdentity: whoever the token speaks of, even where nobody vouches for it; in the role's account. */
export function trailWebIdentity(input: Input, call: Call, answer: TrailedAnswer): void {
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

/** eks-auth:AssumeRoleForPodIdentity by a node's role: it stands in the cluster's account. */
export function trailPodIdentity(input: Input, call: Call, answer: TrailedAnswer): void {
  const clusterName = textOf(input.name);
  const cluster = `arn:${call.partition}:eks:${call.region}:${call.account}:cluster/${clusterName}`;
  const response = 'fault' in answer ? {} : { ...answer.output, credentials: HIDDEN };
  const { podIdentityAssociation: association } = response as {
    podIdentityAssociation?: { associationArn: string };
  };
  recordEvent(call.state, {
    name: 'AssumeRoleForPodIdentity',
    source: 'eks-auth.amazonaws.com',
    region: call.region,
    time: call.time,
    identity: signerIdentity(call.principal),
    requestParameters: { clusterName, token: HIDDEN },
    ...('fault' in answer ? {} : { responseElements: response }),
    resources: [
      { ResourceType: 'AWS::EKS::Cluster', ResourceName: clusterName },
      ...(association === undefined
        ? []
        : [{ ResourceType: 'AWS::EKS::PodIdentityAssociation', ResourceName: association.associationArn }]),
    ],
    recordResources: [{ accountId: call.account, type: 'AWS::EKS::Cluster', ARN: cluster }],
    accounts: [call.account],
    answer,
  });
}
