import { associationImport, subjectName } from '../../inventory/Inventory';
import type { Association } from '../../blueprint/Blueprint';
import { environmentTags } from '../../blueprint/environmentTags';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { type AssociationMismatch, compareAssociation, ownerOf } from '../../comparison/association';
import { roleAnnotation } from '../../comparison/annotation';
import { ask, need } from '../../estate/ask';
import type { Answer, AssociationFacts, RoleFacts } from '../../estate/aws/AwsPort';
import type { RemedyStep } from '../../estate/Remedy';
import type { Decision, NamedPolicy } from '../../iam/Decision';
import { WAIT_UNTIL_EFFECTIVE } from '../associationEffect';
import { OWNER_NAME, type OwnedPlace, removeByOwner, writeByOwner } from '../ownedAssociation/ownerRemedy';
import { type Advice, aws, deleteAssociation, run } from '../remedies';
import {
  applyStage,
  type CheckAsk,
  type CheckFunction,
  type CheckResult,
  isBack,
  judgedRow,
  neverApplied,
  note,
  pass,
  problem,
  removeImport,
  type WorkloadOnCluster,
} from './Check';

/**
 * The association is the one of the stage: this role, target role, session tags and owner; or there is none where the stage has none. EKS accepts
 * one association for a service account.
 */
export const association: CheckFunction = (subject) => {
  const { cluster, parts, questions } = subject;
  const wanted = parts.associations.find((one) => one.cluster === cluster.key);
  return ask([questions.role], (role) =>
    need([questions.association], (found) => {
      const mismatches = compareAssociation(wanted, found);
      const [first] = mismatches;
      if (first === undefined) return agreed(subject, wanted, found);
      const harmless = isBack(subject) ? harmlessBack(subject, wanted, found) : undefined;
      if (harmless !== undefined) return note(noteText(subject, found, mismatches), harmless);
      const ahead = madeAhead(subject, found);
      if (ahead !== undefined) return ahead;
      if (isBack(subject) && wanted !== undefined && found === undefined) return createdBack(subject, wanted, role);
      if (first.what === 'unwanted' && found !== undefined) return unwanted(subject, found);
      if (wanted === undefined) return [];
      if (found !== undefined) return differing(subject, wanted, found, mismatches);
      return missing(subject, wanted, role);
    }),
  );
};

/**
 * The other tool that owns the association made it before the step to the stage that has one, and the role trusts Pod Identity already: the step makes the inventory say
 * what stands.
 */
function madeAhead(subject: WorkloadOnCluster, found: AssociationFacts | undefined): CheckResult | undefined {
  const next = aheadOf(subject);
  if (next === undefined || found === undefined) return undefined;
  return compareAssociation(next, found).length === 0
    ? pass(`${found.id} names ${found.roleArn}, as ${subject.next ?? ''} needs it: its owner made it before the step`)
    : undefined;
}

/** The association of the stage to which a step forward leads, where another tool owns it and may make it before the step. */
export function aheadOf(subject: WorkloadOnCluster): Association | undefined {
  const { environment, workload, cluster, serviceAccount, row, next } = subject;
  if (workload.associationOwner === undefined || next === undefined || isBack(subject)) return undefined;
  if (row.association || !row.trustsPodIdentity) return undefined;
  return compileWorkload(environment, { ...workload, stage: next }).associations.find(
    (one) =>
      one.cluster === cluster.key &&
      one.namespace === serviceAccount.namespace &&
      one.serviceAccount === serviceAccount.name,
  );
}

/** The other tool that owns the association of the workload, with what its remedies need; nothing where podlift or an add-on does. */
function ownedPlace(subject: WorkloadOnCluster): OwnedPlace | undefined {
  const { associationOwner: owner } = subject.workload;
  return owner && { ...subject, owner };
}

function missing(
  subject: WorkloadOnCluster,
  { importId }: Association,
  role: Answer<RoleFacts | undefined>,
): CheckResult {
  const { workload, cluster, serviceAccount } = subject;
  const place = ownedPlace(subject);
  if (place !== undefined)
    return problem(
      `there is no association for ${subjectName(serviceAccount)}, which ${OWNER_NAME[place.owner]} makes: new pods receive no credentials of Pod Identity, and running pods that have them lose them at the next refresh`,
      writeByOwner(place),
    );
  const { field = [] } = associationImport(workload, serviceAccount, cluster) ?? {};
  return problem(
    `there is no association for ${subjectName(serviceAccount)}: new pods receive no credentials of Pod Identity, and running pods lose theirs at the next refresh`,
    importId !== undefined && neverApplied(role)
      ? removeImport(subject, `${importId} of ${cluster.key}`, field.join('.'))
      : applyStage(subject),
  );
}

/**
 * The apply of a step back would create the association that is missing. It takes new pods from IRSA, unless the service account names no role: then they have
 * nothing to lose.
 */
function createdBack(
  subject: WorkloadOnCluster,
  wanted: Association,
  role: Answer<RoleFacts | undefined>,
): CheckAsk | CheckResult {
  const { questions } = subject;
  // No apply creates it: a step back takes nothing from pods by it.
  if (ownedPlace(subject) !== undefined)
    return note(noteText(subject, undefined, []), 'The step changes nothing of it: no apply creates the association.');
  return ask([questions.association, questions.serviceAccount], (_, account) => {
    const imported = wanted.importId !== undefined && neverApplied(role);
    const onIrsa = !account.ok || roleAnnotation(account.value) !== undefined;
    return imported || onIrsa
      ? missing(subject, wanted, role)
      : note(noteText(subject, undefined, []), 'The apply of the step creates the association again.');
  });
}

/** Why a step back takes no credentials by what the association is; nothing where it can. */
function harmlessBack(
  subject: WorkloadOnCluster,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): string | undefined {
  const after = judgedRow(subject);
  // The step takes the trust of Pod Identity from the role that it names.
  if (wanted === undefined)
    return found?.roleArn === subject.parts.role.arn
      ? undefined
      : 'The step does not change the role that this association names, nor the association.';
  if (after.association) return undefined;
  return subject.workload.associationOwner === undefined
    ? 'The step removes the association of the workload, and the restarted pods use IRSA.'
    : 'The owner of the association removes it after the step, and the restarted pods use IRSA.';
}

function noteText(
  { serviceAccount, cluster }: WorkloadOnCluster,
  found: AssociationFacts | undefined,
  mismatches: readonly AssociationMismatch[],
): string {
  if (found === undefined) return `there is no association for ${subjectName(serviceAccount)} on ${cluster.key}`;
  return `${found.id} names ${found.roleArn}: ${associationText(mismatches)}`;
}

function agreed(
  { workload, cluster, serviceAccount, next }: WorkloadOnCluster,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): CheckResult {
  if (wanted !== undefined && found !== undefined) return pass(`${found.id} names ${wanted.roleArn}`);
  // An id that is still to be imported, of an association that is gone: at the next stage it would stop the plan.
  const imported = associationImport(workload, serviceAccount, cluster);
  if (imported === undefined || next === undefined || !STAGE_TABLE[next].association)
    return pass(`no association, as at ${workload.stage}`);
  return problem(
    `there is no association, and the inventory still imports ${imported.id}`,
    `Delete workloads.${workload.key}.${imported.field.join('.')}. podlift then creates a new association. The plan fails while the inventory imports one that is gone.`,
  );
}

const PROPERTY: Readonly<Record<Exclude<AssociationMismatch['what'], 'missing' | 'unwanted'>, string>> = {
  role: 'its role is',
  'target-role': 'its target role is',
  'session-tags': 'its session tags are',
  'session-policy': 'its session policy is',
  owner: 'its owner is',
};

/** The properties of an association that differ, as a list: `its role is …, should be …`. */
export function associationText(mismatches: readonly AssociationMismatch[]): string {
  return mismatches
    .map(({ what, wanted = 'none', found = 'none' }) =>
      what === 'missing' || what === 'unwanted' ? what : `${PROPERTY[what]} ${found}, should be ${wanted}`,
    )
    .join('; ');
}

/** The session policy of an association, with a name for explanations. Undefined: it has none. */
export function sessionPolicyOf(association: AssociationFacts | undefined): NamedPolicy | undefined {
  return (
    association?.sessionPolicy && { name: `session policy of ${association.id}`, document: association.sessionPolicy }
  );
}

/** Whether a session policy denies: by a statement, or since none of its statements allows. */
export function deniesBySession({ reason, decidedBy }: Decision, policy: NamedPolicy | undefined): boolean {
  if (policy === undefined) return false;
  return (
    reason === 'session policy does not allow it' || (reason === 'explicit deny' && decidedBy?.policy === policy.name)
  );
}

/** The steps that remove the session policy of an association. */
export function withoutSessionPolicy(subject: WorkloadOnCluster, { id }: Pick<AssociationFacts, 'id'>): Advice {
  const { environment, cluster } = subject;
  const place = ownedPlace(subject);
  if (place !== undefined)
    return `${OWNER_NAME[place.owner]} owns the association ${id}: remove the session policy from its object.`;
  return [REMOVE_SESSION_POLICY, deleteAssociation(environment.account, cluster, id), applyStage(subject)];
}

/** The Terraform provider that podlift uses reads and writes no session policy. Source: hashicorp/terraform-provider-aws #48868 (new in 6.57) */
export const REMOVE_SESSION_POLICY =
  'An apply does not remove the session policy. Delete the association; the apply creates a new one without the policy:';

function differing(
  subject: WorkloadOnCluster,
  wanted: Association,
  found: AssociationFacts,
  mismatches: readonly AssociationMismatch[],
): CheckResult {
  const { environment, cluster } = subject;
  const { key, name, region } = cluster;
  const owner = ownerOf(found, name);
  const place = ownedPlace(subject);
  const advice: Advice =
    place !== undefined && owner === undefined
      ? writeByOwner(place)
      : owner === undefined || isForeign(owner) || wanted.addon !== undefined
        ? [
            'If another team or tool created the association, first agree who owns the service account. Otherwise:',
            found.sessionPolicy === undefined
              ? []
              : [REMOVE_SESSION_POLICY, deleteAssociation(environment.account, cluster, found.id)],
            applyStage(subject),
            `EKS sees the new role after seconds, and the agent caches credentials for hours. After the apply, ${WAIT_UNTIL_EFFECTIVE}, then restart the pods.`,
          ]
        : [
            `The association belongs to ${owner}, which sets it again. Write the add-on into clusters.${key}.addons, or change the association there:`,
            updateAddon(subject, owner, `serviceAccount=${found.serviceAccount},roleArn=${wanted.roleArn}`),
          ];
  const inspect = aws(environment.account)`eks describe-pod-identity-association --cluster-name ${name}
    --association-id ${found.id} --region ${region}`;
  return problem(`${found.id}: ${associationText(mismatches)}`, advice, { inspect });
}

/** An association that exists before `dual` gives new pods Pod Identity, whatever the annotation says. */
function unwanted(subject: WorkloadOnCluster, found: AssociationFacts): CheckResult {
  const { environment, cluster, workload, parts } = subject;
  const owner = ownerOf(found, cluster.name);
  const place = ownedPlace(subject);
  if (place !== undefined && owner === undefined)
    return problem(
      `${found.id} names ${found.roleArn}, and at ${workload.stage} there must be no association: new pods leave IRSA`,
      [
        `${OWNER_NAME[place.owner]} owns the association. Remove it in this order:`,
        removeByOwner(place, found.id, subject.serviceAccount),
      ],
    );
  const keep = `or keep the workload where it is: in workloads.${workload.key}, replace wave by stage with because`;
  const applied = found.roleArn === parts.role.arn ? applyStage(subject).slice(1) : [];
  // An apply deletes it only if a state has it. `recover` tells, and has the commands in the safe order.
  const recovered = [
    'If the plan does not delete the association, an apply was interrupted. This command prints the next commands:',
    run`npx podlift recover --environment ${environment.key}`,
  ];
  const isOwn = ownEnvironment(found, environment);
  const advice: Advice =
    owner === undefined
      ? [
          applied.length > 0 ? ['If an apply after a rollback is due, apply:', applied, isOwn ? recovered : []] : [],
          `If another team or tool created the association, first agree who owns the service account. Then delete the association, ${WAIT_UNTIL_EFFECTIVE}, and restart the pods that started since, ${keep}.`,
          deleteAssociation(environment.account, cluster, found.id),
        ]
      : isForeign(owner)
        ? `The association belongs to ${owner}, which sets it again. Agree with its owner to remove it, ${keep}.`
        : [
            `The association belongs to ${owner}. Write the add-on into clusters.${cluster.key}.addons, or remove its association:`,
            updateAddon(subject, owner, '[]'),
          ];
  const owned = owner === undefined ? '' : ` (owned by ${owner})`;
  return problem(
    `${found.id} names ${found.roleArn}${owned}, and at ${workload.stage} there must be no association: new pods leave IRSA`,
    advice,
  );
}

/** Whether podlift created it for this environment. */
function ownEnvironment({ tags }: AssociationFacts, environment: WorkloadOnCluster['environment']): boolean {
  return Object.entries(environmentTags(environment)).every(([key, value]) => tags[key] === value);
}

/** The owner is no add-on of the cluster: only its ARN is known. */
function isForeign(owner: string): boolean {
  return owner.startsWith('arn:');
}

function updateAddon({ environment, cluster }: WorkloadOnCluster, addon: string, associations: string): RemedyStep {
  return aws(environment.account)`eks update-addon --cluster-name ${cluster.name} --addon-name ${addon}
    --region ${cluster.region} --pod-identity-associations ${associations}`;
}
