import { randomUUID } from 'node:crypto';
import { ApiError } from '../api/ApiError';
import { ACTIONS, type ApiAnswer, callApi } from '../api/callApi';
import type { Input } from '../api/Input';
import { ANONYMOUS } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { answerAgent } from '../eksAuth/agent';
import { renewCachedCredentials } from '../eksAuth/agentCache';
import { answerApiServer, API_SERVER_PATH } from '../kubernetes/answerKubernetes';
import { listAt, objectAt, textAt } from '../kubernetes/json';
import { findObject } from '../kubernetes/objects';
import { claimText, issuerDocument, readToken } from '../kubernetes/tokens';
import { clusterByIssuer } from '../world/World';
import { authenticate } from './authenticate';
import type { HttpAnswer, HttpRequest } from './httpServer';
import type { BrokenLimit } from './limits';
import { jsonAnswer, jsonRpcAnswer, matchRoute, readJson, routesOf } from './jsonProtocol';
import { queryAnswer, readForm, readQueryInput, serviceOfVersion } from './queryProtocol';
import { readAuthorization } from './signatureV4';

const ROUTES = new Map(Object.entries(ACTIONS).map(([service, actions]) => [service, routesOf(actions)]));

/** Actions that need a token instead of a signature. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity']);

const DEFAULT_REGION = 'us-east-1';

/** The name of the action, and a function that reads the parameters. */
interface ParsedRequest {
  readonly action: string;
  /** The service of a request without a signature. */
  readonly service: string;
  readonly input: () => Input;
}

/** Reads the form of a request. A GET has its parameters in the query, for example a presigned URL of GetCallerIdentity. */
function readQuery(request: HttpRequest): ParsedRequest {
  const isGet = request.method === 'GET';
  const unsigned = [...request.query].filter(([name]) => !name.startsWith('X-Amz-'));
  const form = isGet ? new URLSearchParams(unsigned) : readForm(request.body);
  return {
    action: form.get('Action') ?? request.query.get('Action') ?? '',
    service: serviceOfVersion(form.get('Version') ?? request.query.get('Version')) ?? 'sts',
    input: () => readQueryInput(form),
  };
}

function readRest(signed: string | undefined, request: HttpRequest): ParsedRequest {
  const target = request.headers['x-amz-target'];
  const service = signed ?? (target === undefined ? 'eks' : 'cloudtrail');
  const match = target === undefined ? matchRoute(ROUTES.get(service) ?? [], request) : undefined;
  const action = target?.slice(target.lastIndexOf('.') + 1) ?? match?.action ?? `${request.method} ${request.path}`;
  return { action, service, input: () => ({ ...readJson(request.body), ...match?.parameters }) };
}

/**
 * The region whose STS the holder of a token calls. An unsigned request names no region, and all regions have the same address here: an SDK in a pod
 * calls the region of `AWS_REGION` or `AWS_DEFAULT_REGION`, which the webhook sets to that of the cluster where the pod does not. Undefined for other tokens.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go; https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
 */
function tokenRegion(state: SandboxState, input: () => Input): string | undefined {
  const { WebIdentityToken: text } = input();
  const token = typeof text === 'string' ? readToken(text) : undefined;
  const cluster = token && clusterByIssuer(state.world, claimText(token, 'iss'));
  if (cluster === undefined) return undefined;
  const bound = objectAt(token?.claims, 'kubernetes.io');
  const pod = findObject(cluster, 'pods', textAt(bound, 'namespace'), textAt(objectAt(bound, 'pod'), 'name') ?? '');
  const variables = listAt(objectAt(pod, 'spec'), 'containers').flatMap((container) => listAt(container, 'env'));
  const named = ['AWS_REGION', 'AWS_DEFAULT_REGION'].flatMap((name) =>
    variables.filter((one) => textAt(one, 'name') === name).map((one) => textAt(one, 'value') ?? ''),
  );
  return named.find((region) => region !== '') ?? cluster.region;
}

/**
 * AWS's error for a request that breaks a limit.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
function limitError({ status, message }: BrokenLimit): ApiError {
  const code = status === 413 ? 'RequestEntityTooLargeException' : 'MalformedHttpRequestException';
  return new ApiError(code, status, message);
}

/**
 * Answers an AWS API request in its own protocol. All services have the same address here: the service is that of the signature's scope.
 */
function answerApi(state: SandboxState, request: HttpRequest): HttpAnswer {
  const requestId = randomUUID();
  const authorization = readAuthorization(request);
  const isForm =
    (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded') ||
    (request.method === 'GET' && request.path === '/' && request.query.has('Action'));
  const isRpc = request.headers['x-amz-target'] !== undefined;
  const write = (service: string, action: string, answer: ApiAnswer): HttpAnswer => {
    if (isForm || service === 's3') return queryAnswer(service, action, answer, requestId);
    return isRpc ? jsonRpcAnswer(answer, requestId) : jsonAnswer(answer, requestId);
  };
  try {
    if (request.broken !== undefined) throw limitError(request.broken);
    const parsed = isForm ? readQuery(request) : readRest(authorization?.service, request);
    const { action, input } = parsed;
    const service = authorization?.service ?? parsed.service;
    const unsigned = service === 'sts' && UNSIGNED.has(action);
    const answer = callApi(state, {
      service,
      action,
      region: authorization?.region ?? (unsigned ? tokenRegion(state, input) : undefined) ?? DEFAULT_REGION,
      userAgent: request.headers['user-agent'],
      input,
      authenticate: () => (unsigned ? ANONYMOUS : authenticate(state, request)),
    });
    const written = write(service, action, answer);
    return answer.holdMs === undefined ? written : { ...written, holdMs: answer.holdMs };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return write('', '', { error });
  }
}

/** The path of the Pod Identity agent. On a node its address is 169.254.170.23. */
export const AGENT_PATH = '/v1/credentials';

/** Answers a request to the agent, an OIDC issuer, a cluster's API server or an AWS API, at the time of the sandbox. `endpoint` is the URL of the server. */
export function answerRequest(state: SandboxState, endpoint: string, request: HttpRequest): HttpAnswer {
  const answer = answerAt(state, endpoint, request);
  return { ...answer, headers: { ...answer.headers, date: state.clock().toUTCString() } };
}

function answerAt(state: SandboxState, endpoint: string, request: HttpRequest): HttpAnswer {
  renewCachedCredentials(state);
  if (request.method === 'GET' && request.broken === undefined) {
    if (request.path === AGENT_PATH) return answerAgent(state, request);
    const document = issuerDocument(state.world, request.path, endpoint);
    if (document !== undefined) {
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
    }
  }
  if (request.path === API_SERVER_PATH || request.path.startsWith(`${API_SERVER_PATH}/`))
    return answerApiServer(state, request);
  return answerApi(state, request);
}
