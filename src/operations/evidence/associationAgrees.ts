import { identityStackName } from '../../inventory/stackNames';
import type { Association } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Workload } from '../../inventory/Inventory';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import { applyCommands } from './applyCommands';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { awsPlace } from './places';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/**
 * The association of the service account on each cluster is that of the stage: this role, target role and session tags, or none at all.
 * One that stands before `dual` is someone else's, whatever role it names: EKS takes no second one.
 */
export const associationAgrees: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const { account } = step.environment;
      const { namespace, serviceAccount } = workload;
      const question = {
        check: 'association-agrees',
        workload: workload.key,
        cluster: cluster.key,
        asked: `eks:ListPodIdentityAssociations ${namespace}/${serviceAccount.name} on ${cluster.name}`,
        of: awsPlace(account, cluster.region),
      } as const;
      const wanted = partsAt(step, workload, step.from).associations.find((one) => one.cluster === cluster.key);
      const answer = await ports
        .aws(account, cluster.region)
        .associations(cluster.name, [{ namespace, serviceAccount: serviceAccount.name }]);
      return judged(step, now, question, answer, (all) =>
        judge(
          step,
          workload,
          cluster,
          wanted,
          all.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount.name),
        ),
      );
    }),
  );

function judge(
  step: Step,
  workload: Workload,
  cluster: Cluster,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): Verdict {
  const apply = applyCommands([identityStackName(step.environment.key)]).join('\n');
  if (wanted === undefined) {
    const dead = deadImport(step, workload, cluster);
    if (found === undefined && dead !== undefined) return dead;
    if (found === undefined) return { found: `none, as at ${step.from}`, holds: 'yes' };
    return {
      found: `there is one already: ${described(found)}`,
      holds: 'no',
      remedy: unwanted(step, workload, cluster, found, apply),
    };
  }
  if (found === undefined)
    return { found: 'there is none', holds: 'no', remedy: `Apply the stage that the inventory has:\n${apply}` };
  const unlike = differences(wanted, found);
  if (unlike.length === 0) return { found: `${found.id} names ${wanted.roleArn}`, holds: 'yes' };
  return {
    found: `${described(found)}: ${unlike.join('; ')}`,
    holds: 'no',
    remedy: `If it is someone else’s, settle whose service account this is first; else apply:\n${apply}`,
  };
}

/** An id that is still to be imported, of an association that is gone: with the next stage it would stop the plan. */
function deadImport(step: Step, workload: Workload, cluster: Cluster): Verdict | undefined {
  const id = workload.role.imports.associations[cluster.key];
  if (id === undefined || !STAGE_TABLE[step.to].association) return undefined;
  return {
    found: `there is none, but the inventory still imports ${id}`,
    holds: 'no',
    remedy: `Delete workloads.${workload.key}.role.imports.associations.${cluster.key}: a new association is made, and to import one that is gone stops the plan.`,
  };
}

function differences(wanted: Association, found: AssociationFacts): string[] {
  const tags = (disabled: boolean) => (disabled ? 'disabled' : 'enabled');
  return [
    ...(found.roleArn === wanted.roleArn ? [] : [`should name the role ${wanted.roleArn}`]),
    ...(found.targetRoleArn === wanted.targetRoleArn
      ? []
      : [`its target role is ${found.targetRoleArn ?? 'none'}, should be ${wanted.targetRoleArn ?? 'none'}`]),
    ...(found.disableSessionTags === wanted.disableSessionTags
      ? []
      : [`session tags are ${tags(found.disableSessionTags)}, should be ${tags(wanted.disableSessionTags)}`]),
    ...(isOwnedAs(wanted, found)
      ? []
      : [
          wanted.addon === undefined
            ? `an add-on owns it: name the add-on under environments.*.clusters.${wanted.cluster}.addons`
            : `add-on ${wanted.addon} should own it`,
        ]),
  ];
}

/** An association belongs to the add-on that made it: `arn:…:addon/<cluster>/<add-on>/<id>`. */
export function isOwnedAs({ addon, clusterName }: Association, { ownerArn }: AssociationFacts): boolean {
  return addon === undefined ? ownerArn === undefined : ownerArn?.includes(`:addon/${clusterName}/${addon}/`) === true;
}

function described({ id, roleArn, ownerArn }: AssociationFacts): string {
  return `${id} names ${roleArn}${ownerArn === undefined ? '' : `, owned by ${ownerArn}`}`;
}

function unwanted(step: Step, workload: Workload, cluster: Cluster, found: AssociationFacts, apply: string): string {
  const remove = `aws eks delete-pod-identity-association --cluster-name ${cluster.name} --association-id ${found.id} --region ${cluster.region}`;
  const ours = partsAt(step, workload, 'dual').role.arn === found.roleArn && found.ownerArn === undefined;
  return ours
    ? `If an apply after a rollback is due, apply:\n${apply}\nIf it was made by hand, delete it; pods that hold it need a restart afterwards:\n${remove}`
    : `EKS takes one association for a service account: agree with its owner, then delete it, or let the workload stay where it is (\`stage\` with \`because\` in place of \`wave\`):\n${remove}`;
}
