import type { Call } from '../api/Action';
import { requiredText, structureList, type Input } from '../api/Input';
import { type AddonState, type AssociationState, type ClusterState, recordOf } from '../world/World';
import { delayAssociationChange } from '../world/delayedChanges';
import { namespaceOf } from '../kubernetes/addonObjects';
import { podIdentityAccounts } from './addonVersions';
import { checkRole, createAssociation, removeAssociation, ROLE_ARN } from './associationActions';
import { invalidParameter } from './eksRequest';

interface WantedAssociation {
  readonly serviceAccount: string;
  readonly roleArn: string;
}

/**
 * The associations of a request for an add-on. Undefined when the request has no list.
 * Texts: terraform-aws-modules/terraform-aws-eks #3520. Throws `InvalidParameterException`.
 */
function readWanted(
  input: Input,
  addon: string,
  version: string,
  call: Call,
): readonly WantedAssociation[] | undefined {
  const { podIdentityAssociations: sent } = input;
  if (sent === undefined || sent === null) return undefined;
  const accounts = podIdentityAccounts(addon, version, call.partition);
  return structureList(input, 'podIdentityAssociations').map((association) => {
    const serviceAccount = requiredText(association, 'serviceAccount');
    if (accounts === undefined) {
      throw invalidParameter(`Pod Identity feature is not supported for addon version: ${version}`);
    }
    if (!Object.hasOwn(accounts, serviceAccount)) {
      throw invalidParameter(
        `Service account ${serviceAccount} in pod identity configuration is not supported for addon ${addon}`,
      );
    }
    return { serviceAccount, roleArn: requiredText(association, 'roleArn', ROLE_ARN) };
  });
}

function ownedBy(addon: AddonState, cluster: ClusterState): readonly AssociationState[] {
  return Object.values(cluster.associations).filter(({ arn }) => addon.associations.includes(arn));
}

/** Creates associations of an add-on, all or none. Throws the errors of CreatePodIdentityAssociation. */
function createAssociations(
  wanted: readonly WantedAssociation[],
  addon: AddonState,
  cluster: ClusterState,
  call: Call,
): void {
  const before = Object.entries(cluster.associations);
  const namespace = namespaceOf(addon);
  try {
    const created = wanted.map((one) => createAssociation({ ...one, namespace }, cluster, call, addon.arn).arn);
    addon.associations = [...addon.associations, ...created];
  } catch (error) {
    cluster.associations = recordOf(before);
    throw error;
  }
}

/**
 * Sets the associations that an add-on owns, all or none. Without a list nothing changes, an empty list removes all associations, and any
 * other list replaces them. `version` is the add-on's version after the request. An association that somebody else created for one of the service accounts is an error. Returns true when
 * something changed.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html, https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html
 */
export function setAssociations(
  input: Input,
  addon: AddonState,
  version: string,
  cluster: ClusterState,
  call: Call,
): boolean {
  const wanted = readWanted(input, addon.name, version, call);
  if (wanted === undefined) return false;
  const owned = ownedBy(addon, cluster);
  const roleFor = (account: string) => wanted.find(({ serviceAccount }) => serviceAccount === account)?.roleArn;
  const known = new Set(owned.map(({ serviceAccount }) => serviceAccount));
  const added = wanted.filter(({ serviceAccount }) => !known.has(serviceAccount));
  const removed = owned.filter(({ serviceAccount }) => roleFor(serviceAccount) === undefined);
  const changed = owned.flatMap((association) => {
    const roleArn = roleFor(association.serviceAccount);
    return roleArn === undefined || roleArn === association.roleArn ? [] : [{ association, roleArn }];
  });
  for (const { roleArn } of changed) checkRole(roleArn, cluster, call);
  createAssociations(added, addon, cluster, call);
  for (const { association, roleArn } of changed) {
    delayAssociationChange(call, cluster, association, 'update');
    association.roleArn = roleArn;
    association.modifiedAt = call.time.toISOString();
  }
  for (const association of removed) removeAssociation(association, cluster, call);
  return added.length + changed.length + removed.length > 0;
}

/** Removes the associations that an add-on owns. */
export function removeAssociations(addon: AddonState, cluster: ClusterState, call: Call): void {
  for (const association of ownedBy(addon, cluster)) removeAssociation(association, cluster, call);
}
