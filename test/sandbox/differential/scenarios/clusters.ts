import { APPS, MAIN_ARN, REGION, seedWith } from '../../testSandbox';
import { eks, type Scenario, type ScenarioCall } from './call';

const ROLE = `arn:aws:iam::${APPS}:role/eks-cluster`;
const NODE_ROLE = `arn:aws:iam::${APPS}:role/node`;
const NONE_ARN = `arn:aws:eks:${REGION}:${APPS}:cluster/none`;
const main = { clusterName: 'main' };

const [MAIN, OTHER] = seedWith().clusters;

function clusterInMoto(name: string): ScenarioCall {
  return eks('CreateCluster', { name, version: '1.33', roleArn: ROLE, resourcesVpcConfig: {} });
}

const GROUPS = ['one', 'two', 'three'];

/** Clusters, node groups and tags of EKS: moto has no add-ons and no associations. */
const START: Scenario['start'] = {
  seed: seedWith([], {
    clusters: [{ ...MAIN!, nodeGroups: GROUPS.map((name) => ({ name, nodeRole: NODE_ROLE })) }, OTHER!],
  }),
  moto: [
    clusterInMoto('main'),
    clusterInMoto('other'),
    ...GROUPS.map((nodegroupName) =>
      eks('CreateNodegroup', { ...main, nodegroupName, nodeRole: NODE_ROLE, subnets: [] }),
    ),
  ],
};

const tagged = { resourceArn: MAIN_ARN };
const many = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_item, index) => [`k${index}`, 'v']));

/** EKS. */
export const CLUSTERS: readonly Scenario[] = [
  {
    name: 'clusters and node groups',
    start: START,
    calls: [
      ...[undefined, 0, 1, 2, 100, 101].map((maxResults) => eks('ListClusters', { maxResults })),
      eks('ListClusters', { nextToken: 'foreign' }),
      eks('DescribeCluster', { name: 'main' }),
      ...['none', 'Main', 'x'.repeat(101), 'a b', '-a'].map((name) => eks('DescribeCluster', { name })),
      ...[undefined, 0, 1, 3, 101].map((maxResults) => eks('ListNodegroups', { ...main, maxResults })),
      ...['none', 'x'.repeat(101), 'a b'].map((clusterName) => eks('ListNodegroups', { clusterName })),
      eks('DescribeNodegroup', { ...main, nodegroupName: 'one' }),
      eks('DescribeNodegroup', { ...main, nodegroupName: 'none' }),
      eks('DescribeNodegroup', { clusterName: 'none', nodegroupName: 'one' }),
    ],
  },
  {
    name: 'tags of clusters',
    start: START,
    calls: [
      eks('ListTagsForResource', tagged),
      eks('TagResource', { ...tagged, tags: { team: 'shop', stage: '' } }),
      eks('TagResource', { ...tagged, tags: { team: 'other', Team: 'x' } }),
      eks('ListTagsForResource', tagged),
      eks('UntagResource', { ...tagged, tagKeys: ['none'] }),
      eks('UntagResource', { ...tagged, tagKeys: ['team', 'Team'] }),
      eks('ListTagsForResource', tagged),
      ...[
        {},
        { 'aws:x': 'v' },
        { '': 'v' },
        { ['x'.repeat(129)]: 'v' },
        { x: 'x'.repeat(257) },
        many(51),
        many(50),
        many(49),
      ].map((tags) => eks('TagResource', { ...tagged, tags })),
      ...[NONE_ARN, 'no-arn', `arn:aws:eks:eu-west-1:${APPS}:cluster/main`].flatMap((resourceArn) => [
        eks('ListTagsForResource', { resourceArn }),
        eks('TagResource', { resourceArn, tags: { team: 'shop' } }),
        eks('UntagResource', { resourceArn, tagKeys: ['team'] }),
      ]),
    ],
  },
];
