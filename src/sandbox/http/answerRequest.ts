import { randomUUID } from 'node:crypto';
import { Fault, validationFault } from '../api/ApiError';
import type { Input } from '../api/Input';
import type { Principal } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { type ApiAnswer, callApi } from '../api/callApi';
import { EKS_ROUTES } from '../eks/eksRoutes';
import { answerAgent } from '../eksAuth/agent';
import { answerApiServer, API_SERVER_PATH } from '../kubernetes/answerKubernetes';
import { claimText, issuerDocument, readToken } from '../kubernetes/tokens';
import { clusterByIssuer } from '../world/World';
import { authenticate } from './authenticate';
import type { HttpAnswer, HttpRequest } from './httpServer';
import { jsonAnswer, matchRoute, readRoutes } from './jsonProtocol';
import { queryAnswer, readQueryInput } from './queryProtocol';
import { readAuthorization } from './signatureV4';

const ROUTES = {
  eks: readRoutes(EKS_ROUTES),
  'eks-auth': readRoutes({ 'POST /clusters/{name}/assume-role-for-pod-identity': 'AssumeRoleForPodIdentity' }),
};

/** Actions that carry their proof in a token; whoever calls them needs no signature. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity']);

const ANONYMOUS: Principal = { kind: 'anonymous', account: '', arn: 'anonymous', id: '' };
const DEFAULT_REGION = 'us-east-1';

function isForm(request: HttpRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

function readJson(body: Buffer): Input {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new Fault('SerializationException', 400, 'the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw validationFault('the body must be a JSON object');
  return value as Input;
}

/** A protocol's reading of a request: the action's name at once, its input when it is asked for. */
interface Read {
  readonly action: string;
  readonly input: () => Input;
}

function readForm(request: HttpRequest): Read {
  const form = new URLSearchParams(request.body.toString());
  return { action: form.get('Action') ?? request.query.get('Action') ?? '', input: () => readQueryInput(form) };
}

function readRest(service: string, request: HttpRequest): Read {
  const target = request.headers['x-amz-target'];
  const routes = service === 'eks' || service === 'eks-auth' ? ROUTES[service] : [];
  const match = target === undefined ? matchRoute(routes, request) : undefined;
  const action = target?.slice(target.lastIndexOf('.') + 1) ?? match?.action ?? `${request.method} ${request.path}`;
  return { action, input: () => ({ ...readJson(request.body), ...match?.parameters }) };
}

/**
 * Without a signature nothing names the region, since all regions share one address here: it is the one of the cluster that gave the
 * token, as pods of EKS ask the STS of their own region. Undefined for other tokens.
 */
function tokenRegion(state: SandboxState, input: () => Input): string | undefined {
  const { WebIdentityToken: text } = input();
  const token = typeof text === 'string' ? readToken(text) : undefined;
  return token === undefined ? undefined : clusterByIssuer(state.world, claimText(token, 'iss'))?.region;
}

/**
 * Answers an AWS API request in its own protocol. The service is the one that the signature's scope names, since all of
 * them share one address here.
 */
export function answerApi(state: SandboxState, request: HttpRequest): HttpAnswer {
  const requestId = randomUUID();
  const authorization = readAuthorization(request.headers.authorization);
  const form = isForm(request);
  const write = (service: string, action: string, answer: ApiAnswer): HttpAnswer =>
    form || service === 's3' ? queryAnswer(service, action, answer, requestId) : jsonAnswer(answer, requestId);
  try {
    const service = authorization?.service ?? (form ? 'sts' : 'eks');
    const read = form ? readForm(request) : readRest(service, request);
    const unsigned = service === 'sts' && UNSIGNED.has(read.action);
    const answer = callApi(state, {
      service,
      action: read.action,
      region: authorization?.region ?? (unsigned ? tokenRegion(state, read.input) : undefined) ?? DEFAULT_REGION,
      input: read.input,
      authenticate: () => (unsigned ? ANONYMOUS : authenticate(state, request)),
    });
    const written = write(service, read.action, answer);
    return answer.holdMs === undefined ? written : { ...written, holdMs: answer.holdMs };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return write('', '', { fault: error });
  }
}

/** Where the agent answers; the address of the real one is 169.254.170.23. */
export const AGENT_PATH = '/v1/credentials';

/** Answers whatever comes in: the agent, the OIDC issuers, the clusters' API servers, the AWS APIs. `endpoint` is the server's own URL. */
export function answerRequest(state: SandboxState, endpoint: string, request: HttpRequest): HttpAnswer {
  if (request.method === 'GET') {
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
