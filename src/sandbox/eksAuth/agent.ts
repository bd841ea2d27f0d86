import type { SeedNode } from '../Seed';
import type { Principal } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { callApi } from '../api/callApi';
import { AGENT } from '../eks/addonCatalogue';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import { nodeLabels } from '../kubernetes/admitPod';
import { agentAnswers, nodeOfPod } from '../kubernetes/reconcileCluster';
import { claimText, isExpired, podUidOf, readToken } from '../kubernetes/tokens';
import { clusterByIssuer, type ClusterState } from '../world/World';
import { partitionOf } from '../world/arns';

/** What the agent gave before, while it keeps it: nobody asks EKS whether the association is still the same. */
function cached(state: SandboxState, token: string): HttpAnswer | undefined {
  const kept = state.agentCache.get(token);
  if (kept === undefined) return undefined;
  if (state.timing.agentCacheMs > 0 && kept.until > state.clock().getTime()) return kept.answer;
  state.agentCache.delete(token);
  return undefined;
}

function held(answer: HttpAnswer, holdMs: number | undefined): HttpAnswer {
  return holdMs === undefined ? answer : { ...answer, holdMs };
}

function text(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${body}\n` };
}

/** The role of a node, where the seed says one: its node group's, or that of Auto Mode's nodes. */
function nodeRoleOf(cluster: ClusterState, node: SeedNode | undefined): string | undefined {
  if (node?.compute === 'auto') return cluster.nodeRoleArn;
  const group = node === undefined ? undefined : nodeLabels(node)['eks.amazonaws.com/nodegroup'];
  return (cluster.nodeGroups ?? []).find(({ name }) => name === group)?.nodeRole;
}

/** Who the agent of a node is: the node's role, or where the seed says none, one that is not of this world and has what it needs. */
function principalOn(cluster: ClusterState, node: SeedNode | undefined): Principal {
  const roleArn = nodeRoleOf(cluster, node);
  const arn = roleArn ?? `arn:${partitionOf(cluster.region)}:iam::${cluster.account}:role/eks-node`;
  const who = { kind: 'node', account: cluster.account, arn, id: 'AROASANDBOXNODE:node' } as const;
  return roleArn === undefined ? who : { ...who, roleArn };
}

/** On a cluster without the agent nobody answers its pods; here someone says so, and the denials log keeps it. */
function noAgent(state: SandboxState, cluster: ClusterState): HttpAnswer {
  const why =
    cluster.addons[AGENT] === undefined
      ? `cluster ${cluster.name} has no ${AGENT} add-on`
      : `${AGENT} does not run on the pod's node`;
  const message = `${why}, so no agent answers`;
  state.denials.push({
    time: state.clock().toISOString(),
    principal: 'anonymous',
    action: 'eks-auth:AssumeRoleForPodIdentity',
    resource: cluster.arn,
    code: 'NoAgent',
    message,
    explanation: message,
  });
  return text(404, message);
}

/**
 * The Pod Identity agent of every node: `GET /v1/credentials` with the raw token in `Authorization`. It looks at the token
 * just enough to see that it is one, and asks EKS Auth with the role of its node. The cluster is the one that the token
 * names as its issuer, since all nodes share one address here; a cluster without the add-on, and without Auto Mode, has
 * no agent to answer.
 * Source: aws/eks-pod-identity-agent, pkg/handlers/eks_credential_handler.go and pkg/errors/errors.go
 */
export function answerAgent(state: SandboxState, request: HttpRequest): HttpAnswer {
  const authorization = request.headers.authorization ?? '';
  if (authorization === '') return text(400, 'Service account token cannot be empty');
  const token = readToken(authorization);
  if (token === undefined) return text(400, 'Service account token cannot be parsed: token is malformed');
  if (isExpired(token, state.clock())) {
    return text(
      400,
      'Service account token failed basic claim validations: token has invalid claims: token is expired',
    );
  }
  const issuer = claimText(token, 'iss');
  const cluster = clusterByIssuer(state.world, issuer);
  if (cluster === undefined) return text(400, `no cluster of the sandbox has the issuer ${issuer}`);
  const node = nodeOfPod(cluster, podUidOf(token));
  if (!agentAnswers(cluster, node)) return noAgent(state, cluster);
  const kept = cached(state, authorization);
  if (kept !== undefined) return kept;
  const answer = callApi(state, {
    service: 'eks-auth',
    action: 'AssumeRoleForPodIdentity',
    region: cluster.region,
    input: () => ({ name: cluster.name, token: authorization }),
    authenticate: () => principalOn(cluster, node),
  });
  if ('fault' in answer) {
    const { status, code, message } = answer.fault;
    return held(text(status, `(${code}): ${message}, fault: ${status < 500 ? 'client' : 'server'}`), answer.holdMs);
  }
  const credentials = answer.output.credentials as Record<string, string> & { expiration: Date };
  const found: HttpAnswer = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      AccountId: cluster.account,
      Expiration: credentials.expiration.toISOString(),
    }),
  };
  const until = Math.min(state.clock().getTime() + state.timing.agentCacheMs, credentials.expiration.getTime());
  if (state.timing.agentCacheMs > 0) state.agentCache.set(authorization, { answer: found, until });
  return held(found, answer.holdMs);
}
