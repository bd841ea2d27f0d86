import { explain } from '../../iam/explain';
import { partitionOf } from '../world/arn';
import { ACTIONS } from './actions';
import type { Action, Call, Output, Service } from './Action';
import { authorise } from './authorise';
import { faultOf } from './errorCodes';
import { Fault, notImplemented } from './Fault';
import type { Input } from './Input';
import type { Principal } from './Principal';
import type { SandboxState } from './SandboxState';

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
export type ApiAnswer = { readonly output: Output } | { readonly fault: Fault };

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

/**
 * The one way through which every API call passes: authenticate, authorise, handle, record. Never throws. All of it is
 * synchronous, so that no request sees another half done.
 */
export function callApi(state: SandboxState, request: ApiRequest): ApiAnswer {
  const time = state.clock();
  let principal: Principal = { kind: 'anonymous', account: '', arn: 'anonymous', id: '' };
  let answer: ApiAnswer;
  try {
    principal = request.authenticate();
    const call: Call = {
      state,
      principal,
      account: principal.account,
      region: request.region,
      partition: partitionOf(request.region),
      quotas: state.quotasOf(principal.account),
      time,
    };
    const action = actionOf(request.service, request.action);
    const input = request.input();
    for (const permission of action.permissions?.(input, call) ?? []) authorise(permission, call);
    answer = { output: action.handle(input, call) };
  } catch (error) {
    answer = { fault: faultOf(request.service, asFault(error)) };
  }
  record(state, request, principal, time, answer);
  return answer;
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
