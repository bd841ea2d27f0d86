import type { Principal } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { callApi } from '../api/callApi';
import { AGENT } from '../../inventory/aws/knownAddons';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import { nodeLabels } from '../kubernetes/admitPod';
import { objectAt, textAt } from '../kubernetes/json';
import { objectsOf } from '../kubernetes/objects';
import { claimText, isExpired, podUidOf, readToken } from '../kubernetes/tokens';
import type { SeedNode } from '../Seed';
import { partitionOf } from '../world/arns';
import { clusterByIssuer, type ClusterState } from '../world/World';

/** The agent's earlier answer, while the agent keeps it. A change of the association does not change it. */
function cachedAnswer(state: SandboxState, token: string): HttpAnswer | undefined {
  const cached = state.agentCache.get(token);
  if (cached === undefined) return undefined;
  if (state.timing.agentCacheMs > 0 && cached.until > state.clock().getTime()) return cached.answer;
  state.agentCache.delete(token);
  return undefined;
}

function delayed(answer: HttpAnswer, holdMs: number | undefined): HttpAnswer {
  return holdMs === undefined ? answer : { ...answer, holdMs };
}

function text(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${body}\n` };
}

/** The node of a pod. A pod that the cluster does not have is assumed to be on the first node. */
function nodeOfPod(cluster: ClusterState, podUid: string | undefined): SeedNode | undefined {
  const pod = objectsOf(cluster, 'pods').find(({ metadata }) => metadata.uid === podUid);
  const nodeName = textAt(objectAt(pod, 'spec'), 'nodeName');
  return cluster.nodes.find(({ name }) => name === nodeName) ?? cluster.nodes[0];
}

/** True when an agent runs on a node: EKS's own on nodes of Auto Mode, else the DaemonSet's, but not on Fargate and Windows. */
function hasAgent(cluster: ClusterState, node: SeedNode | undefined): boolean {
  const compute = node?.compute ?? (cluster.autoMode ? 'auto' : 'ec2');
  if (compute === 'auto') return cluster.autoMode;
  return cluster.addons[AGENT] !== undefined && compute !== 'fargate' && compute !== 'windows';
}

/** The role of a node's node group or of Auto Mode's nodes. Undefined when the seed names none. */
function nodeRoleOf(cluster: ClusterState, node: SeedNode | undefined): string | undefined {
  if (node?.compute === 'auto') return cluster.nodeRoleArn;
  const group = node === undefined ? undefined : nodeLabels(node)['eks.amazonaws.com/nodegroup'];
  return (cluster.nodeGroups ?? []).find(({ name }) => name === group)?.nodeRole;
}

/** The principal of a node's agent: the node's role. When the seed names no role, a role outside the world that has the permission. */
function nodePrincipal(cluster: ClusterState, node: SeedNode | undefined): Principal {
  const roleArn = nodeRoleOf(cluster, node);
  const arn = roleArn ?? `arn:${partitionOf(cluster.region)}:iam::${cluster.account}:role/eks-node`;
  const principal = {
    kind: 'node',
    account: cluster.account,
    arn,
    id: 'AROASANDBOXNODE:node',
    cluster: cluster.arn,
  } as const;
  return roleArn === undefined ? principal : { ...principal, roleArn };
}

/** On a real cluster a request without an agent gets no answer. The sandbox answers with the reason, and logs a denial. */
function noAgent(state: SandboxState, cluster: ClusterState): HttpAnswer {
  const reason =
    cluster.addons[AGENT] === undefined
      ? `cluster ${cluster.name} has no ${AGENT} add-on`
      : `${AGENT} does not run on the pod's node`;
  const message = `${reason}, so no agent answers`;
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
 * Answers as the Pod Identity agent of a node: `GET /v1/credentials` with the token in `Authorization`. It checks only the format and the
 * expiry of the token, and calls EKS Auth with the role of the node. All nodes have the same address here: the cluster is that of the
 * token's issuer.
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
  if (!hasAgent(cluster, node)) return noAgent(state, cluster);
  const cached = cachedAnswer(state, authorization);
  if (cached !== undefined) return cached;
  const answer = callApi(state, {
    service: 'eks-auth',
    action: 'AssumeRoleForPodIdentity',
    region: cluster.region,
    input: () => ({ name: cluster.name, token: authorization }),
    authenticate: () => nodePrincipal(cluster, node),
  });
  if ('error' in answer) {
    const { status, code, message } = answer.error;
    return delayed(text(status, `(${code}): ${message}, fault: ${status < 500 ? 'client' : 'server'}`), answer.holdMs);
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
  return delayed(found, answer.holdMs);
}
