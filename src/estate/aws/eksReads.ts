import {
  type Addon,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  paginateListAddons,
  paginateListClusters,
  paginateListNodegroups,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { allOf, askEach, unlessMissing } from './ask';
import type { AddonFacts, AssociationFacts, ClusterFacts, NodeGroupFacts, ServiceAccountName } from './AwsPort';

/** The error of EKS that means: nothing has that name. */
const MISSING = ['ResourceNotFoundException'];

/** The most that EKS gives at once (`maxResults`). Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListAddons.html */
const PAGE = 100;

/** The names of the EKS clusters of an account in a region, all pages. Clusters that are only connected to EKS are none. */
export async function readClusterNames(eks: EKSClient, abortSignal: AbortSignal): Promise<string[]> {
  const pages = paginateListClusters({ client: eks, pageSize: PAGE }, {}, { abortSignal });
  return allOf(pages, ({ clusters }) => clusters);
}

/** A cluster; `undefined` where there is none. */
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
  const ipFamily = cluster.kubernetesNetworkConfig?.ipFamily;
  return {
    arn: cluster.arn ?? '',
    status: cluster.status ?? '',
    version: cluster.version ?? '',
    platformVersion: cluster.platformVersion ?? '',
    autoMode: cluster.computeConfig?.enabled ?? false,
    ...(ipFamily === undefined ? {} : { ipFamily }),
    ...(nodeRoleArn ? { nodeRoleArn } : {}),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/** An add-on of a cluster; `undefined` where there is none. */
export async function readAddon(
  eks: EKSClient,
  clusterName: string,
  addonName: string,
  abortSignal: AbortSignal,
): Promise<AddonFacts | undefined> {
  const command = new DescribeAddonCommand({ clusterName, addonName });
  const answer = await unlessMissing(MISSING, eks.send(command, { abortSignal }));
  return answer?.addon && addonFacts(answer.addon, addonName);
}

/**
 * The add-ons of a cluster, all pages, each described, since the list has nothing but names. One that is deleted between the list and its
 * description is left out. Throws where there is no such cluster.
 */
export async function readAddons(eks: EKSClient, clusterName: string, abortSignal: AbortSignal): Promise<AddonFacts[]> {
  const pages = paginateListAddons({ client: eks, pageSize: PAGE }, { clusterName }, { abortSignal });
  const names = await allOf(pages, ({ addons }) => addons);
  return askEach(names, (name) => readAddon(eks, clusterName, name, abortSignal));
}

function addonFacts(addon: Addon, name: string): AddonFacts {
  const { configurationValues, serviceAccountRoleArn, health } = addon;
  return {
    name: addon.addonName ?? name,
    arn: addon.addonArn ?? '',
    status: addon.status ?? '',
    version: addon.addonVersion ?? '',
    issues: (health?.issues ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': ')),
    ...(configurationValues ? { configuration: configurationValues } : {}),
    ...(serviceAccountRoleArn ? { serviceAccountRoleArn } : {}),
    associationArns: addon.podIdentityAssociations ?? [],
    tags: { ...addon.tags },
  };
}

/**
 * The managed node groups of a cluster, all pages, each described, since the list names no roles. One that is deleted between the list
 * and its description is left out. Throws where there is no such cluster.
 */
export async function readNodeGroups(
  eks: EKSClient,
  clusterName: string,
  abortSignal: AbortSignal,
): Promise<NodeGroupFacts[]> {
  const pages = paginateListNodegroups({ client: eks, pageSize: PAGE }, { clusterName }, { abortSignal });
  const names = await allOf(pages, ({ nodegroups }) => nodegroups);
  return askEach(names, async (nodegroupName) => {
    const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
    const answer = await unlessMissing(MISSING, eks.send(command, { abortSignal }));
    return answer?.nodegroup && { name: nodegroupName, nodeRole: answer.nodegroup.nodeRole ?? '' };
  });
}

/**
 * The associations of a cluster, each described, since the list names no roles; with `wanted` those of these service accounts. One service
 * account is listed by itself, several by one list of the cluster. An association that is deleted between the list and its description is
 * left out. Throws where there is no such cluster.
 */
export async function readAssociations(
  eks: EKSClient,
  clusterName: string,
  wanted: readonly ServiceAccountName[] | undefined,
  abortSignal: AbortSignal,
): Promise<AssociationFacts[]> {
  const keys = wanted && new Set(wanted.map(keyOf));
  if (keys?.size === 0) return [];
  const filter = keys?.size === 1 ? wanted?.[0] : {};
  const pages = paginateListPodIdentityAssociations(
    { client: eks, pageSize: PAGE },
    { clusterName, ...filter },
    { abortSignal },
  );
  const listed = await allOf(pages, ({ associations }) => associations);
  const ids = listed.flatMap(({ associationId = [], namespace = '', serviceAccount = '' }) =>
    keys?.has(keyOf({ namespace, serviceAccount })) === false ? [] : associationId,
  );
  return askEach(ids, (id) => readAssociation(eks, clusterName, id, abortSignal));
}

function keyOf({ namespace, serviceAccount }: ServiceAccountName): string {
  return `${namespace}/${serviceAccount}`;
}

async function readAssociation(
  eks: EKSClient,
  clusterName: string,
  associationId: string,
  abortSignal: AbortSignal,
): Promise<AssociationFacts | undefined> {
  const command = new DescribePodIdentityAssociationCommand({ clusterName, associationId });
  const answer = await unlessMissing(MISSING, eks.send(command, { abortSignal }));
  const association = answer?.association;
  if (association === undefined) return undefined;
  const {
    namespace = '',
    serviceAccount = '',
    roleArn = '',
    targetRoleArn,
    policy,
    ownerArn,
    modifiedAt,
  } = association;
  return {
    id: associationId,
    namespace,
    serviceAccount,
    roleArn,
    ...(targetRoleArn ? { targetRoleArn } : {}),
    disableSessionTags: association.disableSessionTags ?? false,
    // Throws when it is not JSON.
    ...(policy ? { sessionPolicy: JSON.parse(policy) as PolicyDocument } : {}),
    ...(ownerArn ? { ownerArn } : {}),
    ...(modifiedAt === undefined ? {} : { modifiedAt: modifiedAt.toISOString() }),
    tags: { ...association.tags },
  };
}
