import {
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import type { AssociationFacts, ClusterFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { askEach } from './askEach';

const MISSING = ['ResourceNotFoundException'];

/** A cluster, or nothing. */
export async function readCluster(
  eks: EKSClient,
  name: string,
  abortSignal: AbortSignal,
): Promise<ClusterFacts | undefined> {
  const answer = await unlessMissing(MISSING, eks.send(new DescribeClusterCommand({ name }), { abortSignal }));
  const cluster = answer?.cluster;
  if (cluster === undefined) return undefined;
  const issuer = cluster.identity?.oidc?.issuer;
  const nodeRoleArn = cluster.computeConfig?.nodeRoleArn;
  return {
    arn: cluster.arn ?? '',
    status: cluster.status ?? '',
    version: cluster.version ?? '',
    platformVersion: cluster.platformVersion ?? '',
    autoMode: cluster.computeConfig?.enabled ?? false,
    ...(nodeRoleArn ? { nodeRoleArn } : {}),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/**
 * The associations of a cluster, whole: all pages, and each described, since the list names no roles. One that is deleted
 * between the list and its description is left out.
 */
export async function readAssociations(
  eks: EKSClient,
  filter: { readonly clusterName: string; readonly namespace?: string; readonly serviceAccount?: string },
  abortSignal: AbortSignal,
): Promise<AssociationFacts[]> {
  const ids: string[] = [];
  const pages = paginateListPodIdentityAssociations({ client: eks, pageSize: 100 }, filter, { abortSignal });
  for await (const page of pages)
    ids.push(...(page.associations ?? []).flatMap(({ associationId }) => associationId ?? []));
  return askEach(ids, (id) => describe(eks, filter.clusterName, id, abortSignal));
}

async function describe(
  eks: EKSClient,
  clusterName: string,
  associationId: string,
  abortSignal: AbortSignal,
): Promise<AssociationFacts | undefined> {
  const command = new DescribePodIdentityAssociationCommand({ clusterName, associationId });
  const answer = await unlessMissing(MISSING, eks.send(command, { abortSignal }));
  const association = answer?.association;
  if (association === undefined) return undefined;
  const { namespace = '', serviceAccount = '', roleArn = '', targetRoleArn, ownerArn } = association;
  return {
    id: associationId,
    namespace,
    serviceAccount,
    roleArn,
    ...(targetRoleArn ? { targetRoleArn } : {}),
    disableSessionTags: association.disableSessionTags ?? false,
    ...(ownerArn ? { ownerArn } : {}),
    tags: { ...association.tags },
  };
}
