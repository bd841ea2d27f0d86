import { type Addon, DescribeAddonCommand, type EKSClient, paginateListAddons } from '@aws-sdk/client-eks';
import type { AddonFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { askEach } from './askEach';

/** An add-on of a cluster, or nothing. */
export async function readAddon(
  eks: EKSClient,
  clusterName: string,
  addonName: string,
  abortSignal: AbortSignal,
): Promise<AddonFacts | undefined> {
  const command = new DescribeAddonCommand({ clusterName, addonName });
  const answer = await unlessMissing(['ResourceNotFoundException'], eks.send(command, { abortSignal }));
  return answer?.addon === undefined ? undefined : factsOf(answer.addon, addonName);
}

/**
 * The add-ons of a cluster, whole: all pages, and each described, since the list has nothing but names. One that is deleted
 * between the list and its description is left out. Throws where there is no such cluster.
 */
export async function readAddons(eks: EKSClient, clusterName: string, abortSignal: AbortSignal): Promise<AddonFacts[]> {
  const names: string[] = [];
  const pages = paginateListAddons({ client: eks, pageSize: 100 }, { clusterName }, { abortSignal });
  for await (const { addons = [] } of pages) names.push(...addons);
  return askEach(names, (name) => readAddon(eks, clusterName, name, abortSignal));
}

function factsOf(addon: Addon, name: string): AddonFacts {
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
