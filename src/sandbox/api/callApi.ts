import { parseArn } from '../../iam/Arn';
import { explain } from '../../iam/explain';
import { cloudTrailActions } from '../cloudtrail/cloudTrailActions';
import { addonActions, addonVersionActions, updateActions } from '../eks/addonActions';
import { associationActions } from '../eks/associationActions';
import { clusterActions, nodeGroupActions } from '../eks/clusterActions';
import { tagActions } from '../eks/tagActions';
import { podIdentityActions } from '../eksAuth/podIdentityActions';
import { serviceFailure, strike } from '../faults';
import { accountActions } from '../iam/accountActions';
import { oidcProviderActions } from '../iam/oidcProviderActions';
import { policyActions, policyVersionActions } from '../iam/policyActions';
import { roleActions } from '../iam/roleActions';
import { attachmentActions, inlinePolicyActions } from '../iam/rolePolicyActions';
import { stsActions } from '../sts/stsActions';
import { partitionOf } from '../world/arns';
import type { Action, Actions, Call, Service, TrailedAnswer } from './Action';
import { Fault, notImplemented } from './ApiError';
import type { Input } from './Input';
import type { Principal } from './Principal';
import type { SandboxState } from './SandboxState';
import { authorise } from './authorise';

/** Everything of IAM that the sandbox has. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/ */
export const iamActions: Actions = {
  ...roleActions,
  ...inlinePolicyActions,
  ...attachmentActions,
  ...policyActions,
  ...policyVersionActions,
  ...oidcProviderActions,
  ...accountActions,
};

/** Everything of EKS that the sandbox has. Source: https://docs.aws.amazon.com/eks/latest/APIReference/ */
export const eksActions: Actions = {
  ...clusterActions,
  ...nodeGroupActions,
  ...associationActions,
  ...addonActions,
  ...addonVersionActions,
  ...updateActions,
  ...tagActions,
};

/** Every action that the sandbox has, by service and name. What is not here is answered with 501. */
export const ACTIONS: Readonly<Record<Service, Actions>> = {
  iam: iamActions,
  sts: stsActions,
  eks: eksActions,
  'eks-auth': podIdentityActions,
  cloudtrail: cloudTrailActions,
};

/** How the JSON services name the errors that the Query services name otherwise. */
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
 * A fault under the code that the service has for it.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
 */
export function faultOf(service: string, fault: Fault): Fault {
  if (service === 'cloudtrail' && fault.code === 'ValidationError') {
    return new Fault('ValidationException', fault.status, fault.message, fault.refusal);
  }
  const code = QUERY_SERVICES.has(service) ? undefined : JSON_CODES[fault.code];
  return code === undefined ? fault : new Fault(code, fault.status, fault.message, fault.refusal);
}

/** A request whose protocol has been read, before anyone asked who sends it. */
export interface ApiRequest {
  /** The signing name of the service; any name may stand here. */
  readonly service: string;
  readonly action: string;
  readonly region: string;
  /** Reads the parameters, or throws the fault that the caller is answered with. */
  readonly input: () => Input;
  /** Tells who calls, or throws the fault that the caller is answered with. */
  readonly authenticate: () => Principal;
}

/** What came of a request. */
export type ApiAnswer = TrailedAnswer & {
  /** How long the answer is held back, in milliseconds; Infinity: for ever. Absent: not at all. */
  readonly holdMs?: number;
};

function actionOf(service: string, name: string): Action {
  const actions = Object.hasOwn(ACTIONS, service) ? ACTIONS[service as Service] : {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw notImplemented(`${service}:${name}`);
  return action;
}

/** Anything that is not a fault is a defect of the sandbox: the caller sees the 500 that AWS gives for its own. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault(
    'InternalFailure',
    500,
    `the sandbox failed: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** Authorises and handles, and leaves CloudTrail its record of what came of it. */
function trailed(action: Action, input: Input, call: Call): TrailedAnswer {
  let answer: TrailedAnswer;
  try {
    for (const permission of action.permissions?.(input, call) ?? []) authorise(permission, call);
    answer = { output: action.handle(input, call) };
  } catch (error) {
    answer = { fault: asFault(error) };
  }
  action.trail?.(input, call, answer);
  return answer;
}

/** Reads the parameters when they are first asked for, and once. */
function once(read: () => Input): () => Input {
  let input: Input | undefined;
  return () => (input ??= read());
}

/** The account that a fault may name for a request, and the cluster. Parameters that cannot be read name neither. */
function namedBy(principal: Principal, read: () => Input): { account: string; cluster?: string } {
  let input: Input = {};
  try {
    input = read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  const { RoleArn: role, name } = input;
  const account = principal.account === '' && typeof role === 'string' ? parseArn(role)?.account : principal.account;
  return { account: account ?? '', ...(typeof name === 'string' ? { cluster: name } : {}) };
}

/**
 * The one way through which every API call passes: authenticate, authorise, handle, record. Never throws. All of it is
 * synchronous, so that no request sees another half done.
 */
export function callApi(state: SandboxState, request: ApiRequest): ApiAnswer {
  const time = state.clock();
  let principal: Principal = { kind: 'anonymous', account: '', arn: 'anonymous', id: '' };
  let answer: ApiAnswer;
  let held = 0;
  try {
    principal = request.authenticate();
    if (principal.kind === 'session') {
      state.lastUsed.set(principal.session.roleId, { LastUsedDate: time, Region: request.region });
    }
    const { service, action: name } = request;
    const input = once(request.input);
    const struck = { service, action: name, ...namedBy(principal, input) };
    const { failure, holdMs, lateMs } = strike(state.faults, struck, time);
    held = holdMs;
    if (failure !== undefined) throw serviceFailure(service, name, principal.arn, failure);
    const call: Call = {
      state,
      principal,
      account: principal.account,
      region: request.region,
      partition: partitionOf(request.region),
      quotas: state.quotasOf(principal.account),
      time,
      lateMs: Math.max(lateMs, service === 'eks' ? state.timing.associationPropagationMs : 0),
    };
    const action = actionOf(request.service, request.action);
    const done = trailed(action, input(), call);
    answer = 'fault' in done ? { fault: faultOf(service, done.fault) } : done;
  } catch (error) {
    answer = { fault: faultOf(request.service, asFault(error)) };
  }
  record(state, request, principal, time, answer);
  return held === 0 ? answer : { ...answer, holdMs: held };
}

function record(state: SandboxState, request: ApiRequest, principal: Principal, time: Date, answer: ApiAnswer): void {
  const fault = 'fault' in answer ? answer.fault : undefined;
  state.calls.push({
    time: time.toISOString(),
    account: principal.account,
    principal: principal.arn,
    service: request.service,
    action: request.action,
    region: request.region,
    status: fault?.status ?? 200,
    ...(fault === undefined ? {} : { error: fault.code }),
  });
  if (fault?.refusal === undefined) return;
  const { action, resource, decision } = fault.refusal;
  state.denials.push({
    time: time.toISOString(),
    principal: principal.arn,
    action,
    resource,
    code: fault.code,
    message: fault.message,
    explanation: decision === undefined ? fault.message : explain(decision),
    ...(decision === undefined ? {} : { decision }),
  });
}
