import { identityStackName } from '../../inventory/stackNames';
import type { Association } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Workload } from '../../inventory/Inventory';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../../estate/Ports';
import { answered } from './answered';
import { appliedAt } from './appliedAt';
import type { AppliedAt, Difference, Remedy, Unlike } from './Difference';
import { applied, byCredentials, clustersOf, type Scope } from './Scope';
import { tagDrift } from './tagDrift';
import { withoutImport } from './withoutImport';

/** Asks for the association of a workload's service account on each of its clusters. */
export function askAssociations(
  scope: Scope,
  ports: Ports,
  workload: Workload,
): readonly Promise<readonly Difference[]>[] {
  const { environment, blueprint } = scope;
  const { namespace, serviceAccount } = workload;
  return clustersOf(scope, workload).map(async (cluster) => {
    const wanted = blueprint.associations.find((one) => one.workload === workload.key && one.cluster === cluster.key);
    const where = `${namespace}/${serviceAccount.name} on ${cluster.name}`;
    const answer = await ports
      .aws(environment.account, cluster.region)
      .associations(cluster.name, [{ namespace, serviceAccount: serviceAccount.name }]);
    const question = {
      kind: 'association',
      environment: environment.key,
      workload: workload.key,
      cluster: cluster.key,
      where,
      asked: `eks:ListPodIdentityAssociations ${where}`,
      of: awsPlace(environment.account, cluster.region),
      expected: wanted === undefined ? `none at ${workload.stage}` : wantedText(wanted),
    } as const;
    const found = answer.ok
      ? answer.value.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name)
      : undefined;
    const place = { scope, workload, cluster, where, wanted, stands: await standingOf(scope, ports, workload) };
    return answered(question, answer, () => associationDrift(place, found));
  });
}

interface Place {
  readonly scope: Scope;
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly where: string;
  readonly wanted: Association | undefined;
  /** At which stage the workload's role was applied; absent where nobody says. */
  readonly stands: AppliedAt | undefined;
}

async function standingOf(
  { environment, blueprint }: Scope,
  ports: Ports,
  { key }: Workload,
): Promise<AppliedAt | undefined> {
  const role = blueprint.roles.find(({ workload }) => workload === key);
  if (role === undefined) return undefined;
  const answer = await ports.aws(environment.account, environment.region).role(role.name);
  return answer.ok && answer.value !== undefined ? appliedAt(answer.value.tags) : undefined;
}

function associationDrift(place: Place, found: AssociationFacts | undefined): readonly Unlike[] {
  const { scope, where, wanted, stands } = place;
  if (wanted === undefined) return found === undefined ? [] : [tooMany(place, found)];
  const stacks = [identityStackName(scope.environment.key)];
  const imported = stands === 'never' ? wanted.importId : undefined;
  const is = { kind: 'association', where, expected: wantedText(wanted) } as const;
  if (found === undefined)
    return [
      {
        ...is,
        found: 'none',
        effect: withoutAssociation(stands, imported !== undefined),
        ...(imported === undefined ? applied(stacks) : goneAssociation(place, imported)),
      },
    ];
  const settle = 'If it is someone else’s, settle whose service account this is first; else apply:';
  const tags = { ...scope.blueprint.tags, ...wanted.tags };
  return [
    ...(unlike(wanted, found)
      ? [{ ...is, found: foundText(found), ...effectOf(wanted, found), ...applied(stacks, settle) }]
      : []),
    ...(imported === undefined || imported === found.id
      ? []
      : [
          {
            ...is,
            expected: `${imported}, to be imported`,
            found: found.id,
            ...goneAssociation(place, imported, found.id),
          },
        ]),
    // An add-on makes its own associations, and EKS takes no tags for them; that of an adopted role keeps those of whoever made it.
    ...(wanted.addon === undefined && !wanted.keepsTags ? tagDrift(where, tags, found.tags, applied(stacks)) : []),
  ];
}

function tooMany({ scope, workload, cluster, where }: Place, found: AssociationFacts): Unlike {
  const { environment } = scope;
  const { remedy, apply = [] } = applied(
    [identityStackName(environment.key)],
    'If an apply after a rollback is due, apply:',
  );
  return {
    kind: 'association',
    where,
    expected: `none at ${workload.stage}`,
    found: foundText(found),
    effect: `new pods get ${found.targetRoleArn ?? found.roleArn} by Pod Identity`,
    remedy: [
      remedy,
      `If someone else made it, settle with them first; pods that hold it need a restart afterwards${byCredentials(environment.account)}:`,
      `aws eks delete-pod-identity-association --cluster-name ${cluster.name} --association-id ${found.id} --region ${cluster.region}`,
    ].join('\n'),
    apply,
  };
}

/** Where there was an association, pods have credentials by it; the agent renews them, and finds none. */
function withoutAssociation(stands: AppliedAt | undefined, imported: boolean): string {
  const made = imported || stands === undefined || (stands !== 'never' && STAGE_TABLE[stands].association);
  return made
    ? 'new pods get no credentials by Pod Identity, and running pods that have them lose them at their next refresh'
    : `new pods get no credentials by Pod Identity yet: ${stands === 'never' ? 'nothing is applied' : `applied at ${stands}`}`;
}

function goneAssociation({ scope, workload, cluster }: Place, id: string, instead?: string): Remedy {
  return withoutImport({
    path: `workloads.${workload.key}.role.imports.associations (${cluster.key}: ${id})`,
    undo: instead === undefined ? 'take it out of' : `write ${instead} into`,
    then: instead === undefined ? 'makes it' : 'takes over the one that is there',
    again:
      instead === undefined ? 'make it again by hand, and write its new id there.' : 'settle with whoever replaced it.',
    stacks: [identityStackName(scope.environment.key)],
  });
}

function unlike(wanted: Association, found: AssociationFacts): boolean {
  return (
    found.roleArn !== wanted.roleArn ||
    found.targetRoleArn !== wanted.targetRoleArn ||
    found.disableSessionTags !== wanted.disableSessionTags ||
    ownerOf(found) !== wanted.addon
  );
}

/** The name of the add-on that owns an association: `arn:aws:eks:us-west-2:333333333333:addon/prod-main/aws-ebs-csi-driver/0ac5…`. */
function ownerOf({ ownerArn }: AssociationFacts): string | undefined {
  return ownerArn === undefined ? undefined : (/:addon\/[^/]+\/([^/]+)/.exec(ownerArn)?.[1] ?? ownerArn);
}

function effectOf(wanted: Association, found: AssociationFacts): Pick<Unlike, 'effect'> {
  const [should, gets] = [wanted, found].map(({ targetRoleArn, roleArn }) => targetRoleArn ?? roleArn);
  if (gets !== undefined && should !== gets) return { effect: `new pods get ${gets}` };
  if (found.disableSessionTags === wanted.disableSessionTags) return {};
  return {
    effect: found.disableSessionTags
      ? 'sessions carry no session tags: conditions on them fail'
      : 'sessions carry session tags',
  };
}

function wantedText({ roleArn, targetRoleArn, disableSessionTags, addon }: Association): string {
  return text(roleArn, targetRoleArn, disableSessionTags, addon);
}

function foundText(found: AssociationFacts): string {
  return `${found.id}: ${text(found.roleArn, found.targetRoleArn, found.disableSessionTags, ownerOf(found))}`;
}

function text(
  role: string,
  target: string | undefined,
  disableSessionTags: boolean,
  owner: string | undefined,
): string {
  return [
    `role ${role}`,
    ...(target === undefined ? [] : [`target role ${target}`]),
    `session tags ${disableSessionTags ? 'disabled' : 'enabled'}`,
    ...(owner === undefined ? [] : [`owned by add-on ${owner}`]),
  ].join(', ');
}
