import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import type { Association, Blueprint } from '../blueprint/Blueprint';
import type { Sandbox } from '../sandbox/startSandbox';

/**
 * Plays the tools that own associations: makes those that `podlift association` prints at the stages of the blueprint, and removes those that these stages do not have. It returns
 * what was changed, as texts.
 */
export async function playAssociationOwners(
  sandbox: Pick<Sandbox, 'endpoint' | 'accessKeyId' | 'secretAccessKey'>,
  { account, associations, released }: Blueprint,
): Promise<readonly string[]> {
  const credentials = { accessKeyId: sandbox.accessKeyId(account.id), secretAccessKey: sandbox.secretAccessKey };
  const done: string[] = [];
  // The blueprint forgets each of them at any stage.
  for (const place of released.associations.filter(({ owner }) => owner !== undefined)) {
    const { clusterName, region, namespace, serviceAccount } = place;
    const client = new EKSClient({ endpoint: sandbox.endpoint, region, credentials });
    const where = { clusterName, namespace, serviceAccount };
    const found = await client.send(new ListPodIdentityAssociationsCommand(where));
    const associationId = found.associations?.[0]?.associationId;
    const wanted = associations.find((one) => isSamePlace(one, place));
    if (wanted !== undefined && associationId === undefined) {
      const { roleArn, targetRoleArn, disableSessionTags } = wanted;
      const target = targetRoleArn === undefined ? {} : { targetRoleArn };
      await client.send(new CreatePodIdentityAssociationCommand({ ...where, roleArn, ...target, disableSessionTags }));
      done.push(`make the association of ${namespace}/${serviceAccount}`);
    } else if (wanted === undefined && associationId !== undefined) {
      await client.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
      done.push(`remove the association of ${namespace}/${serviceAccount}`);
    }
    client.destroy();
  }
  return done;
}

function isSamePlace(one: Association, other: Association): boolean {
  return (
    one.cluster === other.cluster && one.namespace === other.namespace && one.serviceAccount === other.serviceAccount
  );
}
