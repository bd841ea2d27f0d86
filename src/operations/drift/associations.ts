import type { Association } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { compareAssociation, ownerOf } from '../../comparison/association';
import { type AppliedAt, appliedAt } from '../../comparison/role';
import { ask } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { Cluster, Workload } from '../../inventory/Inventory';
import { applyStacks, deleteAssociation, say, stacks } from '../remedies';
import {
  associationOf,
  beforeImport,
  byApply,
  clustersOf,
  type Comparison,
  type Found,
  roleOf,
  type Scope,
} from './Difference';
import { tagDifferences } from './roles';

/** The association of a workload's service account on each of its clusters. */
export function associationComparisons(scope: Scope, workload: Workload): readonly Comparison[] {
  const { namespace, serviceAccount, key, stage } = workload;
  return clustersOf(scope, workload).map((cluster): Comparison => {
    const question = associationOf(workload, cluster);
    const wanted = scope.blueprint.associations.find((one) => one.workload === key && one.cluster === cluster.key);
    return {
      kind: 'association',
      workload: key,
      cluster: cluster.key,
      where: `${namespace}/${serviceAccount.name} on ${cluster.name}`,
      expected: wanted === undefined ? `none at ${stage}` : associationText(wanted, wanted.addon),
      differences: ask([question, roleOf(scope, workload)], (answer, role) => {
        if (!answer.ok) return { noAnswer: question, answer };
        const found = answer.value;
        if (wanted === undefined) return found === undefined ? [] : [unwanted(scope, cluster, found)];
        const applied = role.ok && role.value !== undefined ? appliedAt(role.value.tags) : undefined;
        return associationDifferences(scope, cluster, wanted, found, applied);
      }),
    };
  });
}

/** `applied`: at which stage the workload's role was applied last; absent where that is not known. */
function associationDifferences(
  { environment, blueprint }: Scope,
  cluster: Cluster,
  wanted: Association,
  found: AssociationFacts | undefined,
  applied: AppliedAt | undefined,
): readonly Found[] {
  const apply = stacks.identity(environment);
  const imported = applied === 'never' ? wanted.importId : undefined;
  const field = `workloads.${wanted.workload}.role.imports.associations (${cluster.key}: ${imported ?? ''})`;
  if (found === undefined) {
    const create = `Remove ${field}: the apply then creates the association. Or create the association again by hand, and write its new id there.`;
    return [
      {
        found: 'none',
        effect: effectOfMissing(applied, imported !== undefined),
        ...(imported === undefined ? byApply(apply) : beforeImport(apply, [say(create)])),
      },
    ];
  }
  const agree = say('If somebody else created the association, agree first whose service account it is.');
  const otherwise = 'Otherwise compare with the plan, then apply:';
  const replace = `Write ${found.id} into ${field}: the apply then imports the one that is there. Or agree first with whoever replaced the association.`;
  const fixes: readonly Found[] = [
    ...compareAssociation(wanted, found)
      .slice(0, 1)
      .map(() => ({
        found: foundText(found, cluster),
        ...effectOf(wanted, found),
        ...byApply(apply, [agree], otherwise),
      })),
    ...(imported === undefined || imported === found.id
      ? []
      : [
          {
            expected: `${imported}, which the inventory imports`,
            found: found.id,
            ...beforeImport(apply, [say(replace)]),
          },
        ]),
  ];
  // An add-on creates its own associations, and EKS takes no tags for them; the association of an adopted role keeps the tags of its creator.
  if (wanted.addon !== undefined || wanted.keepsTags) return fixes;
  return [...fixes, ...tagDifferences({ ...blueprint.tags, ...wanted.tags }, found.tags, byApply(apply))];
}

function unwanted({ environment }: Scope, cluster: Cluster, found: AssociationFacts): Found {
  const apply = stacks.identity(environment);
  return {
    found: foundText(found, cluster),
    effect: `new pods get ${found.targetRoleArn ?? found.roleArn} through Pod Identity`,
    remedy: [
      ...applyStacks(apply, 'If a rollback is not applied yet, compare with the plan, then apply:'),
      say('If somebody else created the association, agree with them first.'),
      say('Then delete the association, and restart the pods that use it:'),
      deleteAssociation(environment.account, cluster, found.id),
    ],
    apply,
  };
}

/** Where there was an association, pods have credentials through it; the agent renews them, and finds none. */
function effectOfMissing(applied: AppliedAt | undefined, imported: boolean): string {
  const existed = imported || applied === undefined || (applied !== 'never' && STAGE_TABLE[applied].association);
  if (existed)
    return 'new pods get no credentials through Pod Identity, and running pods lose theirs at the next refresh';
  const state = applied === 'never' ? 'nothing is applied' : `applied at ${applied}`;
  return `new pods get no credentials through Pod Identity yet: ${state}`;
}

function effectOf(wanted: Association, found: AssociationFacts): Pick<Found, 'effect'> {
  const [should, gets = ''] = [wanted, found].map(({ targetRoleArn, roleArn }) => targetRoleArn ?? roleArn);
  if (should !== gets) return { effect: `new pods get ${gets}` };
  if (found.disableSessionTags === wanted.disableSessionTags) return {};
  return {
    effect: found.disableSessionTags
      ? 'sessions have no session tags: conditions on session tags fail'
      : 'sessions have session tags',
  };
}

function foundText(found: AssociationFacts, { name }: Cluster): string {
  return `${found.id}: ${associationText(found, ownerOf(found, name))}`;
}

function associationText(
  { roleArn, targetRoleArn, disableSessionTags }: Association | AssociationFacts,
  owner: string | undefined,
): string {
  return [
    `role ${roleArn}`,
    ...(targetRoleArn === undefined ? [] : [`target role ${targetRoleArn}`]),
    `session tags ${disableSessionTags ? 'disabled' : 'enabled'}`,
    ...(owner === undefined ? [] : [`owned by add-on ${owner}`]),
  ].join(', ');
}
