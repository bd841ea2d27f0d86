import type { Call } from '../api/Action';
import { requiredText, structureList, type Input } from '../api/Input';
import { type AddonState, type AssociationState, type ClusterState, recordOf } from '../world/World';
import { keepSeenAssociation } from '../world/delayedChanges';
import { partsOf } from './addonCatalogue';
import { checkRole, createAssociation, removeAssociation, ROLE } from './associationActions';
import { invalidParameter } from './eksRequest';

interface Wanted {
  readonly serviceAccount: string;
  readonly roleArn: string;
}

/** The associations that a request wants of an add-on; undefined where it says nothing of them. Throws `InvalidParameterException`. */
function readWanted(input: Input, addon: string): readonly Wanted[] | undefined {
  const { podIdentityAssociations: sent } = input;
  if (sent === undefined || sent === null) return undefined;
  const known = partsOf(addon)?.serviceAccounts ?? [];
  return structureList(input, 'podIdentityAssociations').map((association) => {
    const serviceAccount = requiredText(association, 'serviceAccount');
    if (!known.includes(serviceAccount)) {
      throw invalidParameter(
        `Service account ${serviceAccount} in pod identity configuration is not supported for addon ${addon}`,
      );
    }
    return { serviceAccount, roleArn: requiredText(association, 'roleArn', ROLE) };
  });
}

function ownedBy(addon: AddonState, cluster: ClusterState): readonly AssociationState[] {
  return Object.values(cluster.associations).filter(({ arn }) => addon.associations.includes(arn));
}

/** Makes associations for an add-on, all of them or none. Throws the errors of CreatePodIdentityAssociation. */
function createAll(wanted: readonly Wanted[], addon: AddonState, cluster: ClusterState, call: Call): void {
  const before = Object.entries(cluster.associations);
  const namespace = partsOf(addon.name)?.namespace ?? '';
  try {
    const made = wanted.map((one) => createAssociation({ ...one, namespace }, cluster, call, addon.arn).arn);
    addon.associations = [...addon.associations, ...made];
  } catch (error) {
    cluster.associations = recordOf(before);
    throw error;
  }
}

/**
 * Brings the associations that an add-on owns to what a request wants of them, all at once or not at all: a list that is left out
 * changes nothing, an empty one takes all away, any other stands in the place of what there was. An association that someone else
 * made for one of its service accounts is in the way. Gives whether anything changed.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html, https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html
 */
export function setAssociations(input: Input, addon: AddonState, cluster: ClusterState, call: Call): boolean {
  const wanted = readWanted(input, addon.name);
  if (wanted === undefined) return false;
  const owned = ownedBy(addon, cluster);
  const roleFor = (account: string) => wanted.find(({ serviceAccount }) => serviceAccount === account)?.roleArn;
  const known = new Set(owned.map(({ serviceAccount }) => serviceAccount));
  const added = wanted.filter(({ serviceAccount }) => !known.has(serviceAccount));
  const gone = owned.filter(({ serviceAccount }) => roleFor(serviceAccount) === undefined);
  const changed = owned.flatMap((association) => {
    const roleArn = roleFor(association.serviceAccount);
    return roleArn === undefined || roleArn === association.roleArn ? [] : [{ association, roleArn }];
  });
  for (const { roleArn } of changed) checkRole(roleArn, cluster, call);
  createAll(added, addon, cluster, call);
  for (const { association, roleArn } of changed) {
    keepSeenAssociation(call.state, cluster, association.namespace, association.serviceAccount, call.lateMs);
    association.roleArn = roleArn;
    association.modifiedAt = call.time.toISOString();
  }
  for (const association of gone) removeAssociation(association, cluster, call);
  return added.length + changed.length + gone.length > 0;
}

/** Takes away what an add-on owns. */
export function removeAssociations(addon: AddonState, cluster: ClusterState, call: Call): void {
  for (const association of ownedBy(addon, cluster)) removeAssociation(association, cluster, call);
}
