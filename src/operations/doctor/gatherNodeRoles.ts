import type { Answer, AwsPort, ClusterFacts } from '../../estate/aws/AwsPort';
import type { NodeFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { cannotHaveAgent, computeOf, nodesOf } from './agentReady';
import type { NodeRole } from './Facts';
import type { Patient } from './Patient';
import { readPermissions, roleNameOf } from './readPermissions';

interface Known {
  readonly cluster: Answer<ClusterFacts | undefined>;
  readonly nodes: Answer<readonly NodeFacts[]>;
  readonly pods: Answer<readonly PodFacts[]>;
}

/**
 * The roles of the nodes on which the workload's pods are, with what they may do: a managed node group's role by the node's label,
 * Auto Mode's by the cluster. Other nodes (self-managed, Karpenter's, hybrid ones) have a role that the API does not tell.
 */
export async function gatherNodeRoles(
  { cluster, row }: Patient,
  eks: AwsPort,
  iam: AwsPort,
  { cluster: found, nodes, pods }: Known,
): Promise<Answer<readonly NodeRole[]>> {
  if (!row.trustsPodIdentity) return { ok: true, value: [] };
  if (!pods.ok) return pods;
  if (!nodes.ok) return nodes;
  const used = new Set(nodesOf(pods.value));
  const concerned = nodes.value.filter((node) => used.has(node.name) && !cannotHaveAgent(node));
  const groups = concerned.some(({ nodeGroup }) => nodeGroup !== undefined)
    ? await eks.nodeGroups(cluster.name)
    : undefined;
  if (groups?.ok === false) return groups;
  const roleOf = new Map(groups?.value.map(({ name, nodeRole }) => [name, nodeRole]));
  const autoRole = found.ok ? found.value?.nodeRoleArn : undefined;
  const roles = concerned.map(async (node): Promise<NodeRole> => {
    const ofGroup = node.nodeGroup === undefined ? undefined : roleOf.get(node.nodeGroup);
    const arn = computeOf(node) === 'auto' ? autoRole : ofGroup;
    if (arn === undefined) return { node: node.name };
    return { node: node.name, arn, permissions: await readPermissions(iam, roleNameOf(arn)) };
  });
  return { ok: true, value: await Promise.all(roles) };
}
