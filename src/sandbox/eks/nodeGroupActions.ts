import type { Actions, Call, Output, Permission } from '../api/Action';
import { requiredText, type Input } from '../api/Input';
import type { ClusterState, NodeGroupState } from '../world/World';
import { resourceNotFound } from './faults';
import { clusterArn, findCluster, onCluster } from './findCluster';
import { eksPage } from './listing';

function nodeGroupView({ name, arn, nodeRole }: NodeGroupState, cluster: ClusterState): Output {
  return {
    nodegroupName: name,
    nodegroupArn: arn,
    clusterName: cluster.name,
    version: cluster.version,
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    amiType: 'AL2023_x86_64_STANDARD',
    nodeRole,
    createdAt: new Date(cluster.createdAt),
    modifiedAt: new Date(cluster.createdAt),
    labels: {},
    health: { issues: [] },
    tags: {},
  };
}

function onNodeGroup(input: Input, call: Call): readonly Permission[] {
  const cluster = clusterArn(input, call);
  const name = requiredText(input, 'nodegroupName');
  const group = (call.state.world.clusters[cluster]?.nodeGroups ?? []).find((candidate) => candidate.name === name);
  const resource = group?.arn ?? `${cluster.replace(':cluster/', ':nodegroup/')}/${name}/*`;
  return [{ action: 'eks:DescribeNodegroup', resource }];
}

/** Managed node groups are given by the seed: they can be read, not made. */
export const nodeGroupActions: Actions = {
  DescribeNodegroup: {
    permissions: onNodeGroup,
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const name = requiredText(input, 'nodegroupName');
      const group = (cluster.nodeGroups ?? []).find((candidate) => candidate.name === name);
      if (group === undefined) throw resourceNotFound(`No node group found for name: ${name}.`);
      return { nodegroup: nodeGroupView(group, cluster) };
    },
  },
  ListNodegroups: {
    permissions: onCluster('eks:ListNodegroups'),
    handle: (input, call) => {
      const { nodeGroups = [] } = findCluster(input, call);
      const { items, nextToken } = eksPage(input, nodeGroups, ({ name }) => name);
      return { nodegroups: items.map(({ name }) => name), nextToken };
    },
  },
};
