import { compileWorkload } from '../../blueprint/compileWorkload';
import { compareAssociation } from '../../comparison/association';
import { isNoAnswer, need, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { openQuestions } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { Places } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Remedy, RemedyStep } from '../../estate/Remedy';
import type { AssociationOwner, Environment, Stage, Subject, Workload } from '../../inventory/Inventory';
import { WAIT_UNTIL_EFFECTIVE } from '../associationEffect';
import { associationText } from '../checks/association';
import { onClusters, type WorkloadOnCluster } from '../checks/Check';
import { aws, noAnswerText, remedyOf } from '../remedies';
import { associationObject, type ObjectOf, type OwnerObject, resourceToImport } from './associationObject';
import { OWNER_NAME, removeByOwner } from './ownerRemedy';

/**
 * What the owner of an association does: it creates or adopts the one of the stage, removes one that the stage does not have, or has nothing to do (`none`). `unknown`: what
 * stands could not be read.
 */
export type OwnerTask = 'create' | 'adopt' | 'remove' | 'none' | 'unknown';

/** The association of one service account on one cluster. */
export interface OwnedAssociationReport {
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly task: OwnerTask;
  /** The id of the association that stands. */
  readonly id?: string;
  /** How the one that stands differs from the stage: the owner changes it. */
  readonly differs?: string;
  /** Absent where the stage has no association. */
  readonly object?: OwnerObject;
  /** What an import of CloudFormation takes. */
  readonly resourceToImport?: OwnerObject;
  /** What to do with the object, or instead of it. */
  readonly remedy: Remedy;
}

/** The associations of a workload that another tool owns. */
export interface OwnedAssociations {
  readonly workload: string;
  readonly environment: string;
  readonly stage: Stage;
  readonly owner: AssociationOwner;
  readonly associations: readonly OwnedAssociationReport[];
}

/** The questions of `podlift association` that an Estate does not answer yet. */
export function ownedAssociationQuestions(
  environment: Environment,
  workload: Workload,
): (estate: Estate) => readonly Question[] {
  const asks = onClusters(environment, workload).map(({ questions }) => need([questions.association], () => undefined));
  return (estate) => openQuestions(asks, estate);
}

/**
 * What the owner of a workload's associations writes, for each service account on each cluster, beside what stands.
 *
 * @param workload at the stage that is meant
 */
export function ownedAssociations(
  environment: Environment,
  workload: Workload,
  owner: AssociationOwner,
  estate: Estate,
  places: Places,
): OwnedAssociations {
  const { associations: wanted } = compileWorkload(environment, workload);
  return {
    workload: workload.key,
    environment: environment.key,
    stage: workload.stage,
    owner,
    associations: onClusters(environment, workload).map((place) => {
      const { cluster, serviceAccount } = place;
      const association = wanted.find((one) => isOf(one, cluster.key, serviceAccount));
      const where = { cluster: cluster.key, namespace: serviceAccount.namespace, serviceAccount: serviceAccount.name };
      const { value } = settle(
        need([place.questions.association], (found) => ({ found })),
        estate,
      );
      const made = association && { environment, association: { ...association, owner } };
      if (isNoAnswer(value)) {
        const { found, remedy } = noAnswerText(value, places);
        const unread = `podlift could not read whether an association exists (${found}). If one exists, this object does not adopt it.`;
        return {
          ...where,
          task: 'unknown',
          ...(made && { object: associationObject(made) }),
          remedy: remedyOf(
            made === undefined ? `podlift could not read whether an association exists (${found}).` : unread,
            remedy,
          ),
        };
      }
      return { ...where, ...taskOf(place, owner, made, value.found) };
    }),
  };
}

function isOf(
  one: { readonly cluster: string; readonly namespace: string; readonly serviceAccount: string },
  cluster: string,
  { namespace, name }: Subject,
): boolean {
  return one.cluster === cluster && one.namespace === namespace && one.serviceAccount === name;
}

type Told = Omit<OwnedAssociationReport, 'cluster' | 'namespace' | 'serviceAccount'>;

function taskOf(
  place: WorkloadOnCluster,
  owner: AssociationOwner,
  made: Omit<ObjectOf, 'id'> | undefined,
  found: AssociationFacts | undefined,
): Told {
  const { workload, serviceAccount } = place;
  const name = OWNER_NAME[owner];
  if (made === undefined)
    return found === undefined
      ? {
          task: 'none',
          remedy: remedyOf(`There is nothing to create: a workload at ${workload.stage} has no association.`),
        }
      : {
          task: 'remove',
          id: found.id,
          remedy: remedyOf(
            `A workload at ${workload.stage} has no association, and ${found.id} stands. Remove it in this order:`,
            removeByOwner({ ...place, owner }, found.id, serviceAccount),
          ),
        };
  if (found === undefined)
    return {
      task: 'create',
      object: associationObject(made),
      remedy: remedyOf(
        `Apply the object through ${name}, which creates the association. When the association is in AWS, ${WAIT_UNTIL_EFFECTIVE}, then restart the pods.`,
      ),
    };
  const one = { ...made, id: found.id };
  const differs = associationText(compareAssociation(made.association, found));
  const imported = resourceToImport(one);
  return {
    task: 'adopt',
    id: found.id,
    ...(differs !== '' && { differs }),
    object: associationObject(one),
    ...(imported && { resourceToImport: imported }),
    remedy: remedyOf(
      imported === undefined
        ? `The association ${found.id} stands: the object adopts it. If ${name} has an object for the association already, change that object instead: two objects would both write the association.`
        : importSteps(place, found.id, imported),
      differs === ''
        ? []
        : `The association differs from the stage: ${differs}. The owner changes it; after that ${WAIT_UNTIL_EFFECTIVE}, then restart the pods.`,
    ),
  };
}

/** An import changes nothing: what differs is an update of the stack after it. Source: see `resourceToImport`. */
function importSteps(
  { environment, cluster }: WorkloadOnCluster,
  id: string,
  imported: OwnerObject,
): readonly (string | RemedyStep)[] {
  const cloudformation = aws(environment.account);
  const [stack, change, region] = ['STACK', 'adopt-association', cluster.region];
  return [
    `The association ${id} stands. If no stack has it, add the resource to the template of STACK, and import it. TEMPLATE is the file of the template:`,
    cloudformation`cloudformation create-change-set --stack-name ${stack} --change-set-name ${change}
      --change-set-type IMPORT --template-body file://TEMPLATE --region ${region}
      --resources-to-import ${JSON.stringify([imported])}`,
    cloudformation`cloudformation execute-change-set --stack-name ${stack} --change-set-name ${change}
      --region ${region}`,
  ];
}
