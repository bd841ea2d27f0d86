import type { Association } from '../../../blueprint/Blueprint';
import { shellWord } from '../../../estate/shellWord';
import type { AssociationFacts } from '../../../estate/aws/AwsPort';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { neverApplied, outOfImports } from '../imported';
import { applyStage, eksLook, ill, type Look, unknown, well } from '../judgement';
import type { Patient } from '../Patient';

/** The association is the one of the stage: this role, target role and session tags; or there is none where the stage has none. */
export const association: Judge = (patient, facts) => {
  const { workload, cluster, parts } = patient;
  const { namespace, serviceAccount } = workload;
  const look = eksLook(
    patient,
    `list-pod-identity-associations --cluster-name ${shellWord(cluster.name)} --namespace ${shellWord(namespace)} --service-account ${shellWord(serviceAccount.name)}`,
  );
  if (!facts.association.ok) return [unknown(look, 'eks:ListPodIdentityAssociations', facts.association)];
  if (facts.cluster.ok && facts.cluster.value === undefined) return [];
  const wanted = parts.associations.find((one) => one.cluster === cluster.key);
  const found = facts.association.value;
  if (wanted === undefined)
    return found === undefined ? [well(look, `none, as at ${workload.stage}`)] : [unwanted(patient, look, found)];
  if (found === undefined)
    return [
      ill(
        look,
        'problem',
        `there is none for ${namespace}/${serviceAccount.name}: a new pod gets no credentials of Pod Identity, and pods that run on it lose theirs at the next refresh`,
        wanted.importId !== undefined && neverApplied(facts)
          ? outOfImports(patient, `${wanted.importId} of ${cluster.key}`, `role.imports.associations.${cluster.key}`)
          : applyStage(patient),
      ),
    ];
  return [compared(patient, wanted, found)];
};

function compared(patient: Patient, wanted: Association, found: AssociationFacts): Judgement {
  const detail = describe(patient, found);
  const unlike = differences(wanted, found);
  if (unlike.length === 0) return well(detail, `${found.id} names ${wanted.roleArn}`);
  return ill(
    detail,
    'problem',
    `${found.id}${ownedBy(found)}: ${unlike.join('; ')}`,
    found.ownerArn === undefined || wanted.addon !== undefined
      ? `${applyStage(patient)}\nEKS takes a new role at once, but the agent keeps credentials that it has: restart the pods afterwards.`
      : `It belongs to an add-on, and changes with it: state the add-on in clusters.${patient.cluster.key}.addons, or change it there:\naws eks update-addon --cluster-name ${shellWord(patient.cluster.name)} --addon-name ${addonOf(found.ownerArn)} --region ${patient.cluster.region} --pod-identity-associations ${shellWord(`serviceAccount=${found.serviceAccount},roleArn=${wanted.roleArn}`)}`,
  );
}

function differences(wanted: Association, found: AssociationFacts): string[] {
  const tags = (disabled: boolean) => (disabled ? 'disabled' : 'enabled');
  return [
    ...(found.roleArn === wanted.roleArn ? [] : [`names the role ${found.roleArn}, should be ${wanted.roleArn}`]),
    ...(found.targetRoleArn === wanted.targetRoleArn
      ? []
      : [`names the target role ${found.targetRoleArn ?? 'none'}, should be ${wanted.targetRoleArn ?? 'none'}`]),
    ...(found.disableSessionTags === wanted.disableSessionTags
      ? []
      : [`session tags are ${tags(found.disableSessionTags)}, should be ${tags(wanted.disableSessionTags)}`]),
  ];
}

/** One that stands before `dual` gives new pods Pod Identity, whatever the annotation says. */
function unwanted(patient: Patient, look: Look, found: AssociationFacts): Judgement {
  const { cluster, workload } = patient;
  const remove = `aws eks delete-pod-identity-association --cluster-name ${shellWord(cluster.name)} --association-id ${found.id} --region ${cluster.region}`;
  return ill(
    look,
    'problem',
    `${found.id} names ${found.roleArn}${ownedBy(found)}, and at ${workload.stage} there should be none: it takes new pods off IRSA`,
    found.ownerArn === undefined
      ? `If an apply after a rollback is due, apply:\n${applyStage(patient)}\nIf somebody else made it, settle with them whose service account this is, then delete it and restart the pods that were admitted since:\n${remove}`
      : `It belongs to an add-on, and goes with it: state the add-on in clusters.${cluster.key}.addons, or take its association away:\naws eks update-addon --cluster-name ${shellWord(cluster.name)} --addon-name ${addonOf(found.ownerArn)} --region ${cluster.region} --pod-identity-associations '[]'`,
  );
}

function describe(patient: Patient, { id }: AssociationFacts): Look {
  return eksLook(
    patient,
    `describe-pod-identity-association --cluster-name ${shellWord(patient.cluster.name)} --association-id ${id}`,
  );
}

function ownedBy({ ownerArn }: AssociationFacts): string {
  return ownerArn === undefined ? '' : ` (owned by ${ownerArn})`;
}

/** `…:addon/<cluster>/<addon>/<uuid>`. */
function addonOf(ownerArn: string): string {
  return ownerArn.split('/')[2] ?? ownerArn;
}
