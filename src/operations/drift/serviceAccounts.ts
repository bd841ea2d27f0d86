import type { Association } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { compareAnnotation, roleAnnotation } from '../../comparison/annotation';
import { compareAssociation, ownerOf, sessionPolicyText } from '../../comparison/association';
import { compareContext } from '../../comparison/cluster';
import { appliedStages } from '../../comparison/appliedStages';
import { appliedBefore } from '../../comparison/role';
import { ask, need } from '../../estate/ask';
import type { AssociationFacts, RoleFacts } from '../../estate/aws/AwsPort';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { type Cluster, type Stage, type Subject, subjectName, type Workload } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { identityStackName } from '../../inventory/stackNames';
import { type AnnotatedAccount, annotationRemedy } from '../annotationRemedy';
import { trustAt } from '../checks/adoption';
import { REMOVE_SESSION_POLICY } from '../checks/association';
import { roleQuestion } from '../checks/rolePermissions';
import { contextText, noClusterText } from '../contextText';
import { type OwnedPlace, removeByOwner, writeByOwner } from '../ownedAssociation/ownerRemedy';
import { isOwn } from '../recover/stackResources';
import { KEYS } from '../recover/stateKeys';
import { applyStacks, deleteAssociation, run, say, stacks } from '../remedies';
import { associationOf, beforeImport, byApply, placesOf, type Comparison, type Found, type Scope } from './Difference';
import { tagDifferences } from './roles';

/** The association of each service account of a workload on each of its clusters. */
export function associationComparisons(scope: Scope, workload: Workload): readonly Comparison[] {
  const { key, stage } = workload;
  return placesOf(scope, workload).map(({ cluster, subject }): Comparison => {
    const question = associationOf(subject, cluster);
    const wanted = scope.blueprint.associations.find(
      (one) =>
        one.workload === key &&
        one.cluster === cluster.key &&
        one.namespace === subject.namespace &&
        one.serviceAccount === subject.name,
    );
    return {
      kind: 'association',
      workload: key,
      cluster: cluster.key,
      where: `${subjectName(subject)} on ${cluster.name}`,
      expected: wanted === undefined ? `none at ${stage}` : associationText(wanted, wanted.addon),
      differences: ask([question, roleQuestion(scope.environment.account, workload.role.name)], (answer, role) => {
        if (!answer.ok) return { noAnswer: question, answer };
        const found = answer.value;
        const { associationOwner: owner } = workload;
        if (owner !== undefined)
          return ownedDifferences({ ...scope, workload, owner, cluster }, subject, wanted, found);
        if (wanted === undefined) return found === undefined ? [] : [unwanted(scope, cluster, found)];
        return associationDifferences(
          scope,
          cluster,
          wanted,
          found,
          role.ok ? appliedOf(scope, workload, role.value) : undefined,
        );
      }),
    };
  });
}

/** Where the last apply left a workload: the stages that the trust policy of its role allows for, or no apply has made or adopted the role. */
type Applied = readonly Stage[] | 'never';

function appliedOf({ environment }: Scope, workload: Workload, role: RoleFacts | undefined): Applied | undefined {
  if (role === undefined) return undefined;
  if (!appliedBefore(workload, role.tags)) return 'never';
  return appliedStages({ trust: role.trust, associated: [] }, trustAt(environment, workload), workload.stage);
}

/** `applied`: absent where that is not known. */
function associationDifferences(
  { environment, blueprint }: Scope,
  cluster: Cluster,
  wanted: Association,
  found: AssociationFacts | undefined,
  applied: Applied | undefined,
): readonly Found[] {
  const apply = stacks.identity(environment);
  const imported = applied === 'never' ? wanted.importId : undefined;
  const field = `workloads.${wanted.workload}.role.imports.associations (${cluster.key}: ${imported ?? ''})`;
  if (found === undefined) {
    const create = `Remove ${field}: the apply then creates the association. Or create the association again by hand, and write its new id there.`;
    const fix = imported === undefined ? byApply(apply) : beforeImport(apply, [say(create)]);
    return [{ found: 'none', effect: effectOfMissing(applied, imported !== undefined), ...fix }];
  }
  const agree = say('If another team or tool created the association, first agree who owns the service account.');
  const otherwise = 'Otherwise compare with the plan, then apply:';
  const withoutPolicy =
    found.sessionPolicy === undefined
      ? []
      : [say(REMOVE_SESSION_POLICY), deleteAssociation(environment.account, cluster, found.id)];
  const differs = {
    found: foundText(found, cluster),
    ...effectOf(wanted, found),
    ...byApply(apply, [agree, ...withoutPolicy], otherwise),
  };
  const replace = `Write ${found.id} into ${field}: the apply then imports the existing association. Or first agree with the team that replaced the association.`;
  const other = { expected: `${imported ?? ''}, which the inventory imports`, ...beforeImport(apply, [say(replace)]) };
  return [
    ...(compareAssociation(wanted, found).length > 0 ? [differs] : []),
    ...(imported === undefined || imported === found.id ? [] : [{ found: found.id, ...other }]),
    // An add-on creates its own associations, and EKS takes no tags for them; the association of an adopted role keeps the tags of its creator.
    ...(wanted.addon !== undefined || wanted.keepsTags
      ? []
      : tagDifferences({ ...blueprint.tags, ...wanted.tags }, found.tags, byApply(apply))),
  ];
}

/** The differences of an association that another tool owns: no apply changes it. */
function ownedDifferences(
  place: OwnedPlace,
  subject: Subject,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): readonly Found[] {
  const { cluster } = place;
  const effect = found && { effect: `new pods get ${found.targetRoleArn ?? found.roleArn} through Pod Identity` };
  if (wanted === undefined)
    return found === undefined
      ? []
      : [{ found: foundText(found, cluster), ...effect, remedy: removeByOwner(place, found.id, subject) }];
  if (found === undefined)
    return [{ found: 'none', effect: effectOfMissing(undefined, false), remedy: writeByOwner(place) }];
  if (compareAssociation(wanted, found).length === 0) return [];
  return [{ found: foundText(found, cluster), ...effectOf(wanted, found), remedy: writeByOwner(place) }];
}

function unwanted({ environment, hasState }: Scope, cluster: Cluster, found: AssociationFacts): Found {
  const apply = stacks.identity(environment);
  const effect = `new pods get ${found.targetRoleArn ?? found.roleArn} through Pod Identity`;
  const recover = run`npx podlift recover --environment ${environment.key}`;
  const inState = hasState?.(identityStackName(environment.key), KEYS.association(found.id));
  if (inState === true)
    return {
      found: foundText(found, cluster),
      effect,
      ...byApply(
        apply,
        [],
        'The state has the association, so a rollback is not applied yet. Compare with the plan, then apply:',
      ),
    };
  if (inState === false && isOwn(found.tags, environment)) {
    const why =
      'No state has the association: an apply was killed, and another apply does not change it. Find out what to do:';
    return { found: foundText(found, cluster), effect, remedy: [say(why), recover] };
  }
  return {
    found: foundText(found, cluster),
    effect,
    remedy: [
      ...(inState === false
        ? []
        : applyStacks(apply, 'If a rollback is not applied yet, compare with the plan, then apply:')),
      ...(isOwn(found.tags, environment)
        ? [
            say(
              'If the plan shows no change of it, no state has the association: an apply was killed. Find out what to do:',
            ),
            recover,
          ]
        : []),
      say('If another team or tool created the association, first agree with its owner.'),
      say('Then delete the association, and restart the pods that use it:'),
      deleteAssociation(environment.account, cluster, found.id),
    ],
    ...(inState !== false && { apply }),
  };
}

/** Where there was an association, pods have credentials through it; the agent renews them, and finds none. */
function effectOfMissing(applied: Applied | undefined, imported: boolean): string {
  const none = 'new pods get no credentials through Pod Identity';
  const stages = applied === undefined || applied === 'never' ? [] : applied;
  const existed =
    imported || applied === undefined || (applied !== 'never' && stages.every((one) => STAGE_TABLE[one].association));
  if (existed) return `${none}, and running pods lose theirs at the next refresh`;
  if (stages.some((one) => STAGE_TABLE[one].association))
    return `${none}; if an apply had created the association before, running pods lose theirs at the next refresh`;
  return `${none} yet: ${applied === 'never' ? 'nothing is applied' : `applied at ${stages.join(' or ')}`}`;
}

function effectOf(wanted: Association, found: AssociationFacts): Pick<Found, 'effect'> {
  const [should, gets = ''] = [wanted, found].map(({ targetRoleArn, roleArn }) => targetRoleArn ?? roleArn);
  if (should !== gets) return { effect: `new pods get ${gets}` };
  if (found.sessionPolicy !== undefined)
    return { effect: 'sessions have only the permissions that the session policy allows too' };
  if (found.disableSessionTags === wanted.disableSessionTags) return {};
  const without = 'sessions have no session tags: conditions on session tags fail';
  return { effect: found.disableSessionTags ? without : 'sessions have session tags' };
}

function foundText(found: AssociationFacts, { name }: Cluster): string {
  return `${found.id}: ${associationText(found, ownerOf(found, name), sessionPolicyText(found))}`;
}

function associationText(
  { roleArn, targetRoleArn, disableSessionTags }: Association | AssociationFacts,
  owner: string | undefined,
  sessionPolicy?: string,
): string {
  return [
    `role ${roleArn}`,
    ...(targetRoleArn === undefined ? [] : [`target role ${targetRoleArn}`]),
    `session tags ${disableSessionTags ? 'disabled' : 'enabled'}`,
    ...(sessionPolicy === undefined ? [] : [`session policy ${sessionPolicy}`]),
    ...(owner === undefined ? [] : [`owned by add-on ${owner}`]),
  ].join(', ');
}

/**
 * The service accounts of the workloads on a cluster, whoever manages them: a stage needs its annotation. The context must lead to the cluster
 * first: another cluster says nothing about this one.
 */
export function annotationComparisons(scope: Scope, cluster: Cluster): readonly Comparison[] {
  const { environment, blueprint, workloads } = scope;
  const stages = new Map(workloads.map(({ key, stage }) => [key, stage]));
  const accounts = blueprint.serviceAccounts.flatMap((account): AnnotatedAccount[] => {
    const stage = stages.get(account.workload);
    if (account.cluster !== cluster.key || stage === undefined) return [];
    return [{ environment: environment.key, cluster, account, stage }];
  });
  if (accounts.length === 0) return [];
  const compared = { kind: 'annotation', cluster: cluster.key } as const;
  const context = [
    { ask: 'issuer', cluster: cluster.arn },
    { ask: 'cluster', cluster: cluster.arn },
  ] as const;
  return [
    {
      ...compared,
      where: `every service account on ${cluster.name}`,
      expected: `the context leads to ${cluster.name}`,
      differences: need(context, (answered, found) =>
        compareContext(cluster, answered, found).map((mismatch) => ({
          holds: 'unknown',
          ...(found === undefined
            ? noClusterText(environment.account, cluster)
            : contextText(environment.account, cluster, mismatch)),
        })),
      ),
    },
    ...accounts.map((one): Comparison => {
      const { workload, namespace, name, clusterName } = one.account;
      return {
        ...compared,
        workload,
        where: `${namespace}/${name} on ${clusterName}`,
        expected: roleAnnotation(one.account) ?? 'none',
        differences: ask(context, (answered, found) => {
          const known = found.ok && answered.ok;
          if (!known || compareContext(cluster, answered.value, found.value).length > 0) return [];
          return need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name }], (account) =>
            annotationDifferences(one, account),
          );
        }),
      };
    }),
  ];
}

function annotationDifferences(one: AnnotatedAccount, facts: ServiceAccountFacts | undefined): readonly Found[] {
  return compareAnnotation(one.account, facts).map(({ what, wanted, found }) => ({
    ...(what === 'missing'
      ? { found: 'no such service account', effect: 'no pod can run with it' }
      : { found: inSentence(found ?? 'none'), effect: effectOfAnnotation(wanted, found) }),
    ...annotationRemedy(one, facts),
  }));
}

function effectOfAnnotation(wanted: string | undefined, found: string | undefined): string {
  if (found === undefined) return 'new pods get no web identity (IRSA)';
  return wanted === undefined
    ? `new pods without an association get web identity (IRSA) for ${inSentence(found)}`
    : `new pods get web identity (IRSA) for ${inSentence(found)} instead`;
}
