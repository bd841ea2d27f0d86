import type { Actions, Call, Output, Permission } from '../api/Action';
import { type Input, requiredText } from '../api/Input';
import { eksPage } from '../api/pages';
import type { ClusterState, NodeGroupState } from '../world/World';
import { ANY_NAME, clusterArn, findCluster, onCluster, resourceNotFound } from './eksRequest';

/** A cluster as EKS shows it. The network and the endpoint of the control plane are not emulated: their values are placeholders. */
function clusterView(cluster: ClusterState): Output {
  return {
    name: cluster.name,
    arn: cluster.arn,
    createdAt: new Date(cluster.createdAt),
    version: cluster.version,
    platformVersion: 'eks.1',
    status: 'ACTIVE',
    endpoint: `https://${cluster.name}.${cluster.region}.eks.sandbox.invalid`,
    roleArn: cluster.arn.replace(/:eks:.*$/, `:iam::${cluster.account}:role/eks-cluster`),
    resourcesVpcConfig: {
      subnetIds: [],
      securityGroupIds: [],
      vpcId: '',
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: '10.100.0.0/16', ipFamily: 'ipv4' },
    identity: { oidc: { issuer: cluster.issuer } },
    certificateAuthority: { data: '' },
    accessConfig: { authenticationMode: 'API' },
    computeConfig: { enabled: cluster.autoMode, nodeRoleArn: cluster.nodeRoleArn },
    health: { issues: [] },
    tags: cluster.tags,
  };
}

function nodeGroupView({ name, arn, nodeRole }: NodeGroupState, cluster: ClusterState): Output {
  return {
    nodegroupName: name,
    nodegroupArn: arn,
    clusterName: cluster.name,
    version: cluster.version,
    status: 'ACTIVE',
    capacityType: 'ON_DEMAND',
    amiType: 'AL2023_x86_64_STANDARD',
    // Placeholders: nodes are not emulated by group.
    scalingConfig: { minSize: 1, maxSize: 1, desiredSize: 1 },
    subnets: [],
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

/** Clusters and their managed node groups. The seed creates them; the API only reads them. */
export const clusterActions: Actions = {
  DescribeCluster: {
    route: 'GET /clusters/{name}',
    permissions: onCluster('eks:DescribeCluster', ANY_NAME),
    handle: (input, call) => ({ cluster: clusterView(findCluster(input, call, ANY_NAME)) }),
  },
  ListClusters: {
    route: 'GET /clusters',
    permissions: () => [{ action: 'eks:ListClusters', resource: '*' }],
    handle: (input, call) => {
      const here = Object.values(call.state.world.clusters).filter(
        (cluster) => cluster.account === call.account && cluster.region === call.region,
      );
      const { items, nextToken } = eksPage(input, here, (cluster) => cluster.name);
      return { clusters: items.map((cluster) => cluster.name), nextToken };
    },
  },
  DescribeNodegroup: {
    route: 'GET /clusters/{name}/node-groups/{nodegroupName}',
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
    route: 'GET /clusters/{name}/node-groups',
    permissions: onCluster('eks:ListNodegroups'),
    handle: (input, call) => {
      const { nodeGroups = [] } = findCluster(input, call);
      const { items, nextToken } = eksPage(input, nodeGroups, ({ name }) => name);
      return { nodegroups: items.map(({ name }) => name), nextToken };
    },
  },
};
