import type { Remedy } from '../../estate/Remedy';
import type { AssociationOwner, Cluster, Environment, Stage, Subject, Workload } from '../../inventory/Inventory';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { checkNewPods, WAIT_UNTIL_EFFECTIVE } from '../associationEffect';
import { deleteAssociation, remedyOf, run } from '../remedies';

/** The tools by the names that people know. */
export const OWNER_NAME: Readonly<Record<AssociationOwner, string>> = {
  ack: 'ACK',
  crossplane: 'Crossplane',
  cloudformation: 'CloudFormation',
};

/** An association of another tool, by where it is. */
export interface OwnedPlace {
  readonly environment: Pick<Environment, 'key' | 'account'>;
  readonly workload: Pick<Workload, 'key'>;
  readonly owner: AssociationOwner;
  readonly cluster: Cluster;
}

/** Which command prints the object from which the tool makes the association, or what it changes. `stage`: absent, that of the inventory. */
export function printObject({ environment, workload }: OwnedPlace, stage?: Stage): Remedy {
  const at = stage === undefined ? [] : ['--stage', stage];
  return [run`npx podlift association ${workload.key} --environment ${environment.key} ${at}`];
}

/** How the tool comes to have the association of the stage, without the restart of pods. podlift and its stacks never write it. */
export function letOwnerWrite(place: OwnedPlace, stage?: Stage): Remedy {
  const name = OWNER_NAME[place.owner];
  return remedyOf(
    `${name} owns the association, and no apply of podlift changes it. Print the object, and apply it through ${name}:`,
    printObject(place, stage),
  );
}

/** How the tool comes to have the association of the stage, and what follows for pods. */
export function writeByOwner(place: OwnedPlace): Remedy {
  return remedyOf(
    letOwnerWrite(place),
    `When the association is in AWS, ${WAIT_UNTIL_EFFECTIVE}, then restart the pods.`,
  );
}

const REMOVE_OBJECT: Readonly<Record<AssociationOwner, string>> = {
  ack: 'Remove the PodIdentityAssociation object of ACK, first where its manifest is kept (Git), then on the cluster. With services.k8s.aws/deletion-policy: retain the association stays for now. While the object exists, ACK creates the association again.',
  crossplane:
    'Remove the PodIdentityAssociation object of Crossplane, first where its manifest is kept (Git), then on the cluster. With deletionPolicy: Orphan the association stays for now. While the object exists, Crossplane creates the association again.',
  cloudformation:
    'Remove the resource from the template, and update the stack. With DeletionPolicy: Retain the association stays for now. While the stack has the resource, a later update of the stack can fail.',
};

/**
 * How an association of another tool is removed, without the restart of pods: the annotation first, then the object, then the association. It is that of a stage without
 * association, at which new pods use web identity.
 */
export function letOwnerRemove({ environment, owner, cluster }: OwnedPlace, id: string, subject: Subject): Remedy {
  return remedyOf(
    `First check that service account ${subject.namespace}/${subject.name} has the annotation ${ROLE_ANNOTATION}. Without it new pods get no credentials when the association is gone.`,
    REMOVE_OBJECT[owner],
    'Then delete the association, if it still exists:',
    deleteAssociation(environment.account, cluster, id),
  );
}

/** How an association of another tool is removed, so that no pod is without credentials. */
export function removeByOwner(place: OwnedPlace, id: string, subject: Subject): Remedy {
  return remedyOf(
    letOwnerRemove(place, id, subject),
    `Then ${WAIT_UNTIL_EFFECTIVE}, and restart the pods that use Pod Identity at once: their credentials end at the next refresh.`,
    checkNewPods(subject, place.cluster, 'irsa'),
  );
}
