import { parseArn } from '../../iam/Arn';
import { explain } from '../../iam/explain';
import { analyzerActions } from '../accessAnalyzer/analyzerActions';
import { cloudTrailActions } from '../cloudtrail/cloudTrailActions';
import { regionActions } from '../account/regionActions';
import { addonActions } from '../eks/addonActions';
import { addonVersionActions } from '../eks/addonVersions';
import { associationActions } from '../eks/associationActions';
import { clusterActions } from '../eks/clusterActions';
import { clusterVersionActions } from '../eks/clusterVersions';
import { tagActions } from '../eks/tagActions';
import { podIdentityActions } from '../eksAuth/podIdentityActions';
import { effectOf, type FaultTarget, injectedError } from '../faults';
import { accountActions } from '../iam/accountActions';
import { lastAccessedActions } from '../iam/lastAccessedActions';
import { oidcProviderActions } from '../iam/oidcProviderActions';
import { policyActions } from '../iam/policyActions';
import { roleActions } from '../iam/roleActions';
import { rolePolicyActions } from '../iam/rolePolicyActions';
import { simulationActions } from '../iam/simulationActions';
import { organizationActions } from '../organizations/organizationActions';
import { rememberUse } from '../iam/usedActions';
import { refuseUserSession } from '../sts/getSessionToken';
import { stsActions } from '../sts/stsActions';
import { partitionOf } from '../world/arns';
import type { Action, Actions, ApiResult, Call } from './Action';
import type { Service } from './Service';
import { ApiError, notImplemented } from './ApiError';
import { authorise } from './authorise';
import type { Input } from './Input';
import { ANONYMOUS, type Principal } from './Principal';
import type { SandboxState } from './SandboxState';

/**
 * The actions of the sandbox, by service and name. Any other action is answered with 501.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/, https://docs.aws.amazon.com/STS/latest/APIReference/,
 * https://docs.aws.amazon.com/eks/latest/APIReference/, https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/,
 * https://docs.aws.amazon.com/organizations/latest/APIReference/, https://docs.aws.amazon.com/accounts/latest/reference/
 */
export const ACTIONS: Readonly<Record<Service, Actions>> = {
  iam: {
    ...roleActions,
    ...rolePolicyActions,
    ...policyActions,
    ...oidcProviderActions,
    ...accountActions,
    ...simulationActions,
    ...lastAccessedActions,
  },
  sts: stsActions,
  eks: {
    ...clusterActions,
    ...clusterVersionActions,
    ...associationActions,
    ...addonActions,
    ...addonVersionActions,
    ...tagActions,
  },
  'eks-auth': podIdentityActions,
  cloudtrail: cloudTrailActions,
  organizations: organizationActions,
  account: regionActions,
  'access-analyzer': analyzerActions,
};

/** The error codes of the JSON services that differ from those of the Query services. */
const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  ExpiredToken: 'ExpiredTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  InternalFailure: 'InternalServerException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  ValidationError: 'InvalidParameterException',
};

const QUERY_SERVICES = new Set(['iam', 'sts', 'ec2']);

/**
 * The error with the service's own code.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
 */
function withServiceCode(service: string, error: ApiError): ApiError {
  if (QUERY_SERVICES.has(service)) return error;
  const { message, denied } = error;
  const code = Object.hasOwn(OWN_CODES, service) ? OWN_CODES[service]?.[error.code] : undefined;
  return new ApiError(code ?? JSON_CODES[error.code] ?? error.code, statusOf(service, error), message, denied);
}

/** The codes of a service that differ from those of the other JSON services. */
const OWN_CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cloudtrail: { InternalFailure: 'InternalFailure', ValidationError: 'ValidationException' },
  organizations: { InternalFailure: 'ServiceException', ValidationError: 'InvalidInputException' },
  account: { ValidationError: 'ValidationException' },
  'access-analyzer': { ValidationError: 'ValidationException' },
};

/**
 * The status of an error. CloudTrail answers errors of authentication and permission with 400: a denied StopLogging was seen as
 * `https response error StatusCode: 400, … api error AccessDeniedException` (aws-sdk-go-v2, 2026-08-20). EKS Auth's model has 400 for
 * AccessDeniedException. Whether EKS Auth also answers a denial by IAM with 400 is unknown.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html (Errors)
 */
function statusOf(service: string, { code, status }: ApiError): number {
  if (status !== 403) return status;
  // The model of Organizations has 403 for this one; JSON 1.1 has 400 for the others.
  if (service === 'organizations') return code.startsWith('AccessDenied') ? 403 : 400;
  return service === 'cloudtrail' || (service === 'eks-auth' && code === 'AccessDenied') ? 400 : status;
}

/** A request, read by its protocol and not authenticated yet. */
export interface ApiRequest {
  /** The signing name of the service; the sandbox need not have the service. */
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** The header `User-Agent`. */
  readonly userAgent?: string | undefined;
  /** Reads the parameters. Throws an `ApiError`. */
  readonly input: () => Input;
  /** Gives the caller. Throws an `ApiError`. */
  readonly authenticate: () => Principal;
}

/** The result of a request. */
export type ApiAnswer = ApiResult & {
  /** How long the answer is delayed, in milliseconds; Infinity: it is never sent. Absent: not delayed. */
  readonly holdMs?: number;
};

function actionOf(service: string, name: string): Action {
  const actions = Object.hasOwn(ACTIONS, service) ? ACTIONS[service as Service] : {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  // A REST request without a route has no name: its method and path stand for it.
  if (action === undefined) throw notImplemented(name.includes(' ') ? `${name} of ${service}` : `${service}:${name}`);
  return action;
}

/** Any error but an `ApiError` is a bug of the sandbox: the caller gets the 500 that AWS answers with for its own bugs. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(
    'InternalFailure',
    500,
    `the sandbox failed: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** Authorises and handles a call, and records the result in CloudTrail. */
function runAction(action: Action, input: Input, call: Call): ApiResult {
  let result: ApiResult;
  try {
    for (const permission of action.permissions?.(input, call) ?? []) authorise(permission, call);
    result = { output: action.handle(input, call) };
  } catch (error) {
    result = { error: toApiError(error) };
  }
  action.record?.(input, call, result);
  return result;
}

/** Reads the parameters at the first call, and only once. */
function once(read: () => Input): () => Input {
  let input: Input | undefined;
  return () => (input ??= read());
}

/** The account and the cluster of a request, for faults. Absent when the parameters cannot be read. */
function faultTargetOf(principal: Principal, read: () => Input): Pick<FaultTarget, 'account' | 'cluster'> {
  let input: Input = {};
  try {
    input = read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  const { RoleArn: role, name } = input;
  const account = principal.account === '' && typeof role === 'string' ? parseArn(role)?.account : principal.account;
  return { account: account ?? '', ...(typeof name === 'string' ? { cluster: name } : {}) };
}

/**
 * Handles one API call: authenticates, authorises, handles and records it. Never throws. It is synchronous, so that each request is atomic
 * for all others.
 */
export function callApi(state: SandboxState, request: ApiRequest): ApiAnswer {
  const { service, action, region, userAgent } = request;
  const time = state.clock();
  let principal = ANONYMOUS;
  let answer: ApiAnswer;
  let heldMs = 0;
  try {
    principal = request.authenticate();
    if (principal.kind === 'session') {
      state.lastUsed.set(principal.session.roleId, { LastUsedDate: time, Region: region });
      rememberUse(state, principal.session.roleId, { action: `${service}:${action}`, at: time, region });
    }
    refuseUserSession(service, { principal });
    const input = once(request.input);
    const target = { service, action, ...faultTargetOf(principal, input) };
    const { failure, holdMs, visibleAfterMs } = effectOf(state.faults, target, time);
    heldMs = holdMs;
    const call: Call = {
      state,
      principal,
      account: principal.account,
      region,
      partition: partitionOf(region),
      quotas: state.quotasOf(principal.account),
      time,
      ...(userAgent === undefined ? {} : { userAgent }),
      visibleAfterMs,
    };
    if (failure !== undefined) {
      const error = injectedError(service, action, principal.arn, failure);
      // CloudTrail has throttled calls too. Source: https://repost.aws/knowledge-center/cloudtrail-rate-exceeded
      if (failure.kind === 'throttle') actionOf(service, action).record?.(input(), call, { error });
      throw error;
    }
    const result = runAction(actionOf(service, action), input(), call);
    answer = 'error' in result ? { error: withServiceCode(service, result.error) } : result;
  } catch (error) {
    answer = { error: withServiceCode(service, toApiError(error)) };
  }
  log(state, request, principal, time, answer);
  return heldMs === 0 ? answer : { ...answer, holdMs: heldMs };
}

/** Adds the call to the log of calls, and a denied request to the log of denials. */
function log(state: SandboxState, request: ApiRequest, principal: Principal, time: Date, answer: ApiAnswer): void {
  const error = 'error' in answer ? answer.error : undefined;
  state.calls.push({
    time: time.toISOString(),
    account: principal.account,
    principal: principal.arn,
    service: request.service,
    action: request.action,
    region: request.region,
    status: error?.status ?? 200,
    ...(error === undefined ? {} : { error: error.code }),
  });
  if (error?.denied === undefined) return;
  const { action, resource, decision } = error.denied;
  state.denials.push({
    time: time.toISOString(),
    principal: principal.arn,
    action,
    resource,
    code: error.code,
    message: error.message,
    explanation: decision === undefined ? error.message : explain(decision),
    ...(decision === undefined ? {} : { decision }),
  });
}
