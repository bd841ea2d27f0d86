import { identityStackName } from '../../inventory/stackNames';
import type { Association } from '../../blueprint/Blueprint';
import type { Cluster, Workload } from '../../inventory/Inventory';
import type { AssociationFacts } from '../aws/AwsPort';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../Ports';
import { answered } from './answered';
import type { Difference, Unlike } from './Difference';
import { applied, clustersOf, type Scope } from './Scope';
import { tagDrift } from './tagDrift';

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
      .associations(cluster.name, namespace, serviceAccount.name);
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
    return answered(question, answer, (all) =>
      associationDrift(
        scope,
        workload,
        cluster,
        where,
        wanted,
        all.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name),
      ),
    );
  });
}

function associationDrift(
  { environment, blueprint }: Scope,
  workload: Workload,
  cluster: Cluster,
  where: string,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): readonly Unlike[] {
  const apply = applied([identityStackName(environment.key)]);
  if (wanted === undefined) {
    if (found === undefined) return [];
    const remove = `aws eks delete-pod-identity-association --cluster-name ${cluster.name} --association-id ${found.id} --region ${cluster.region}`;
    return [
      {
        kind: 'association',
        where,
        expected: `none at ${workload.stage}`,
        found: foundText(found),
        effect: `new pods get ${found.targetRoleArn ?? found.roleArn} by Pod Identity`,
        remedy: `If an apply after a rollback is due, apply:\n${apply}\nIf someone else made it, settle with them first; pods that hold it need a restart afterwards:\n${remove}`,
      },
    ];
  }
  if (found === undefined)
    return [
      {
        kind: 'association',
        where,
        expected: wantedText(wanted),
        found: 'none',
        effect: 'new pods get no credentials by Pod Identity',
        remedy: apply,
      },
    ];
  const tags = { ...blueprint.tags, ...wanted.tags };
  return [
    ...(unlike(wanted, found)
      ? [
          {
            kind: 'association' as const,
            where,
            expected: wantedText(wanted),
            found: foundText(found),
            ...effectOf(wanted, found),
            remedy: `If it is someone else’s, settle whose service account this is first; else apply:\n${apply}`,
          },
        ]
      : []),
    // An add-on makes its own associations, and EKS takes no tags for them; an imported one keeps those of whoever made it.
    ...(wanted.addon === undefined && !wanted.keepsTags ? tagDrift(where, tags, found.tags, apply) : []),
  ];
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
