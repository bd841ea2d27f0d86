import { randomUUID } from 'node:crypto';
import type { Principal } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { callApi } from '../api/callApi';
import { AGENT } from '../../inventory/aws/knownAddons';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import { nodeLabels } from '../kubernetes/scheduling';
import { objectAt, textAt } from '../kubernetes/json';
import { objectsOf } from '../kubernetes/objects';
import { claimText, isExpired, podUidOf, readToken } from '../kubernetes/tokens';
import type { SeedNode } from '../Seed';
import { partitionOf } from '../world/arns';
import { clusterByIssuer, type ClusterState } from '../world/World';
import { cachedAnswer, cacheKeyOf, type FreshCredentials, keepAnswer } from './agentCache';

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
 * Source: aws/eks-pod-identity-agent, pkg/handlers/eks_credential_handler.go and pkg/errors/errors.go; a line of its errors is in
 * boto/botocore #3117
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
  const key = cacheKeyOf(cluster, node, authorization, token);
  const cached = cachedAnswer(state, cluster, key, authorization);
  if (cached !== undefined) return cached;
  const { holdMs, ...asked } = askEksAuth(state, cluster, node, authorization);
  if ('expiration' in asked)
    keepAnswer(state, key, authorization, asked, (then, newest) => renewal(then, cluster, node, newest));
  return delayed(asked.answer, holdMs);
}

/** The answer of the agent after a call of EKS Auth: credentials with their end, or an error with its code. */
type Asked = (FreshCredentials | { readonly answer: HttpAnswer; readonly code: string }) & { readonly holdMs?: number };

/** Calls EKS Auth with the role of a node. */
function askEksAuth(
  state: SandboxState,
  cluster: ClusterState,
  node: SeedNode | undefined,
  authorization: string,
): Asked {
  const result = callApi(state, {
    service: 'eks-auth',
    action: 'AssumeRoleForPodIdentity',
    region: cluster.region,
    input: () => ({ name: cluster.name, token: authorization }),
    authenticate: () => nodePrincipal(cluster, node),
  });
  const held = result.holdMs === undefined ? {} : { holdMs: result.holdMs };
  if ('error' in result) {
    const { status, code, message } = result.error;
    const fault = status < 500 ? 'client' : 'server';
    return { answer: text(status, `[${randomUUID()}]: (${code}): ${message}, fault: ${fault}`), code, ...held };
  }
  const credentials = result.output.credentials as Record<string, string> & { expiration: Date };
  const answer: HttpAnswer = {
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
  return { answer, expiration: credentials.expiration, ...held };
}

/** The agent waits a second for EKS Auth. Source: aws/eks-pod-identity-agent internal/cloud/eksauth/service.go */
const LONGEST_CALL = 1000;

function renewal(
  state: SandboxState,
  cluster: ClusterState,
  node: SeedNode | undefined,
  authorization: string,
): FreshCredentials | { readonly code: string } {
  const { holdMs = 0, ...asked } = askEksAuth(state, cluster, node, authorization);
  return holdMs > LONGEST_CALL ? { code: 'timeout' } : asked;
}
