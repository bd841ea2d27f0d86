import { EKS, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of EKS. */
export const CLUSTERS: readonly ExpectedDifferences[] = [
  {
    reason:
      'moto takes every page size and cluster name, and fails with a token that it did not give and with a cluster that does not exist.',
    source: `${EKS}API_ListClusters.html and API_ListNodegroups.html (maxResults: 1 to 100; errors)`,
    differ: [
      {
        lines: ['400 InvalidParameterException / 200'],
        at: { 'clusters and node groups: ListClusters': [1, 5], 'clusters and node groups: ListNodegroups': [14, 17] },
      },
      {
        lines: ['400 InvalidParameterException / 500'],
        at: { 'clusters and node groups: ListClusters': [6], 'clusters and node groups: ListNodegroups': [19, 20] },
      },
      {
        lines: ['404 ResourceNotFoundException / 500'],
        at: { 'clusters and node groups: ListNodegroups': [18] },
      },
    ],
  },
  {
    reason: 'Both have placeholders: neither has a control plane, a network, logs or nodes.',
    source: `${EKS}API_Cluster.html and API_Nodegroup.html`,
    differ: [
      {
        lines: [
          'cluster.accessConfig: {"authenticationMode":"API"} / absent',
          'cluster.computeConfig: {"enabled":true} / absent',
          'cluster.encryptionConfig: absent / []',
          'cluster.health: {"issues":[]} / absent',
          'cluster.kubernetesNetworkConfig.ipFamily: "ipv4" / absent',
          'cluster.kubernetesNetworkConfig.serviceIpv4Cidr: "10.100.0.0/16" / "172.20.0.0/16"',
          'cluster.logging: absent / {"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],"enabled… 9cb4d0d6',
          'cluster.platformVersion: "eks.1" / "eks.4"',
          'cluster.resourcesVpcConfig.endpointPrivateAccess: false / absent',
          'cluster.resourcesVpcConfig.endpointPublicAccess: true / absent',
          'cluster.resourcesVpcConfig.publicAccessCidrs: ["0.0.0.0/0"] / absent',
          'cluster.resourcesVpcConfig.securityGroupIds: [] / absent',
          'cluster.resourcesVpcConfig.subnetIds: [] / absent',
          'cluster.resourcesVpcConfig.vpcId: "varies" / absent',
        ],
        at: { 'clusters and node groups: DescribeCluster': [7] },
      },
      {
        lines: [
          'nodegroup.amiType: "AL2023_x86_64_STANDARD" / "AL2_x86_64"',
          'nodegroup.diskSize: absent / 20',
          'nodegroup.instanceTypes: absent / ["t3.medium"]',
          'nodegroup.releaseVersion: absent / "1.19.8-20210414"',
          'nodegroup.remoteAccess: absent / {"ec2SshKey":"eksKeypair"}',
          'nodegroup.resources: absent / {"autoScalingGroups":[{"name":"eks-RANDOM"}],"remoteAccessSecurityGroup":"sg-RANDOM"}',
          'nodegroup.scalingConfig.desiredSize: 1 / 2',
          'nodegroup.scalingConfig.maxSize: 1 / 2',
          'nodegroup.scalingConfig.minSize: 1 / 2',
          'nodegroup.taints: absent / []',
          'nodegroup.version: "1.33" / "1.19"',
        ],
        at: { 'clusters and node groups: DescribeNodegroup': [21] },
      },
    ],
  },
  {
    reason: 'moto removes only the first tag.',
    source: `${EKS}API_UntagResource.html (tagKeys)`,
    differ: [
      {
        lines: ['tags.Team: absent / "x"'],
        at: { 'tags of clusters: ListTagsForResource': [6] },
      },
    ],
  },
  {
    reason: 'moto takes all tags.',
    source: `${EKS}API_TagResource.html (tags: 1 to 50, keys of 1 to 128 and values of at most 256 characters; BadRequestException)`,
    differ: [
      {
        lines: ['400 BadRequestException / 200'],
        at: { 'tags of clusters: TagResource': [7, 8, 9, 10, 11, 12, 13] },
      },
    ],
  },
  {
    reason: 'moto has an error that the operation does not have.',
    source: `${EKS}API_TagResource.html, API_UntagResource.html and API_ListTagsForResource.html (NotFoundException)`,
    differ: [
      {
        lines: ['404 NotFoundException / 404 ResourceNotFoundException'],
        at: {
          'tags of clusters: ListTagsForResource': [15, 18, 21],
          'tags of clusters: TagResource': [16, 19, 22],
          'tags of clusters: UntagResource': [17, 20, 23],
        },
      },
    ],
  },
];
