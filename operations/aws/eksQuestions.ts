import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import type { AddonFacts, AssociationFacts, ClusterFacts } from './AwsPort';
import { unlessMissing } from './ask';

const MISSING = ['ResourceNotFoundException'];

/** How many associations are described at the same time. */
const AT_ONCE = 10;

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
  return {
    arn: cluster.arn ?? '',
    status: cluster.status ?? '',
    version: cluster.version ?? '',
    platformVersion: cluster.platformVersion ?? '',
    autoMode: cluster.computeConfig?.enabled ?? false,
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/** An add-on of a cluster, or nothing. */
export async function readAddon(
  eks: EKSClient,
  clusterName: string,
  addonName: string,
  abortSignal: AbortSignal,
): Promise<AddonFacts | undefined> {
  const command = new DescribeAddonCommand({ clusterName, addonName });
  const answer = await unlessMissing(MISSING, eks.send(command, { abortSignal }));
  const addon = answer?.addon;
  if (addon === undefined) return undefined;
  const issues = addon.health?.issues ?? [];
  return {
    status: addon.status ?? '',
    version: addon.addonVersion ?? '',
    issues: issues.map(({ code, message }) => [code, message].filter(Boolean).join(': ')),
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

  const facts: AssociationFacts[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    const described = await Promise.all(some.map((id) => describe(eks, filter.clusterName, id, abortSignal)));
    facts.push(...described.filter((association) => association !== undefined));
  }
  return facts;
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
  };
}
