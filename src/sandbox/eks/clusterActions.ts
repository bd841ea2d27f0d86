import type { Actions, Output } from '../api/Action';
import type { ClusterState } from '../world/World';
import { findCluster, onCluster } from './findCluster';
import { eksPage } from './listing';

/**
 * A cluster as EKS shows it. What the sandbox has no model of (network, control plane endpoint) has the form of the real
 * thing and points nowhere.
 */
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

/** Clusters are given by the seed: they can be read, not made. */
export const clusterActions: Actions = {
  DescribeCluster: {
    permissions: onCluster('eks:DescribeCluster'),
    handle: (input, call) => ({ cluster: clusterView(findCluster(input, call)) }),
  },
  ListClusters: {
    permissions: () => [{ action: 'eks:ListClusters', resource: '*' }],
    handle: (input, call) => {
      const here = Object.values(call.state.world.clusters).filter(
        (cluster) => cluster.account === call.account && cluster.region === call.region,
      );
      const { items, nextToken } = eksPage(input, here, (cluster) => cluster.name);
      return { clusters: items.map((cluster) => cluster.name), nextToken };
    },
  },
};
