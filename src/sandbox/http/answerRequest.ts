import type { SandboxState } from '../api/SandboxState';
import { answerAgent } from '../eksAuth/answerAgent';
import { answerApiServer, API_SERVER_PATH } from '../kubernetes/apiServer';
import { issuerDocument } from '../oidc/issuerDocuments';
import { answerApi } from './answerApi';
import type { HttpAnswer } from './HttpAnswer';
import type { HttpRequest } from './HttpRequest';

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
