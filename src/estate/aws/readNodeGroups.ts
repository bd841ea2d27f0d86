import { DescribeNodegroupCommand, type EKSClient, paginateListNodegroups } from '@aws-sdk/client-eks';
import type { NodeGroupFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { askEach } from './askEach';

/**
 * The managed node groups of a cluster, whole: all pages, and each described, since the list names no roles. One that is deleted
 * between the list and its description is left out. Throws where there is no such cluster.
 */
export async function readNodeGroups(
  eks: EKSClient,
  clusterName: string,
  abortSignal: AbortSignal,
): Promise<NodeGroupFacts[]> {
  const names: string[] = [];
  const pages = paginateListNodegroups({ client: eks, pageSize: 100 }, { clusterName }, { abortSignal });
  for await (const { nodegroups = [] } of pages) names.push(...nodegroups);
  return askEach(names, async (nodegroupName) => {
    const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
    const answer = await unlessMissing(['ResourceNotFoundException'], eks.send(command, { abortSignal }));
    return answer?.nodegroup === undefined
      ? undefined
      : { name: nodegroupName, nodeRole: answer.nodegroup.nodeRole ?? '' };
  });
}
