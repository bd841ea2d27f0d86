import { expansionOn } from '../../comparison/expansion';
import { need } from '../../estate/ask';
import {
  type Cluster,
  type Environment,
  isPast,
  patternText,
  type Stage,
  subjectName,
  subjectsOn,
  type Workload,
} from '../../inventory/Inventory';
import type { Concern, StepCheck } from '../gate/Step';
import { letOwnerWrite } from '../ownedAssociation/ownerRemedy';
import { applyStacks, named, remedyOf, run, say, stacks } from '../remedies';
import { type CheckAsk, type CheckFunction, type CheckResult, fail, pass, problem } from './Check';

/**
 * A step past `dual` of a workload with service accounts by pattern: an association names one account, so a new namespace has none until the next
 * `podlift expand`. The entry must say why that is no loss, and each account that the cluster has now must have its association before.
 */
export const expandedAccountsOfStep: StepCheck = ({ environment, wave, workloads, to, direction }) => {
  if (direction === 'back' || !isPast(to, 'dual')) return [];
  return workloads
    .filter(({ patterns }) => patterns !== undefined)
    .flatMap((workload): readonly Concern[] => [
      { workload, path: `workloads.${workload.key}.because`, checked: reasonToLeave(workload, to, wave.key) },
      ...environment.clusters
        .filter((cluster) => hasPatterns(workload, cluster))
        .map((cluster) => ({
          workload,
          cluster,
          path: `expanded.${workload.key}.${cluster.key}`,
          checked: eachHasItsOwn(environment, workload, cluster, to),
        })),
    ]);
};

/** The accounts that a pattern admits and that `expanded` does not have: asked once for a workload on a cluster. */
export const expandedAccounts: CheckFunction = ({ environment, workload, cluster, serviceAccount, row }) => {
  const [first] = subjectsOn(workload, cluster);
  if (!row.association || first !== serviceAccount || !hasPatterns(workload, cluster)) return undefined;
  return eachHasItsOwn(environment, workload, cluster, workload.stage);
};

function hasPatterns({ patterns = [] }: Workload, { key }: Cluster): boolean {
  return patterns.some(({ clusters }) => clusters.includes(key));
}

function reasonToLeave({ key, patterns = [], because }: Workload, to: Stage, wave: string): CheckResult {
  const who = `service accounts by pattern (${named(patterns.map(patternText))})`;
  if (because !== undefined) return pass(`${who}; because: ${because}`);
  return problem(
    `${who}: at ${to} pods in a new namespace get no role until the next \`podlift expand\` and apply`,
    `Leave the workload at dual: remove \`wave: ${wave}\` from workloads.${key} and write \`stage: dual\`. If nothing needs the role before the next run, write the reason under \`because\`.`,
  );
}

function eachHasItsOwn(environment: Environment, workload: Workload, cluster: Cluster, stage: Stage): CheckAsk {
  const { arn } = cluster;
  const { associationOwner: owner } = workload;
  return need(
    [
      { ask: 'serviceAccounts', cluster: arn },
      { ask: 'associations', cluster: arn },
    ],
    (accounts, associations): CheckResult => {
      const { added, kept, left } = expansionOn(environment, workload, cluster, accounts, associations);
      const names = (all: typeof added) =>
        named(all.map(({ namespace, serviceAccount: name }) => subjectName({ namespace, name })));
      const others =
        left.length === 0 ? '' : `; left out, since another workload, role or tool has them: ${names(left)}`;
      if (added.length === 0)
        return pass(`expanded has all ${kept.length} service accounts that a pattern admits${others}`);
      const remedy = remedyOf(
        'Write them into the inventory:',
        run`npx podlift expand --environment ${environment.key} --write`,
        owner === undefined
          ? applyStacks(stacks.identity(environment), 'Apply the associations:')
          : letOwnerWrite({ environment, workload, owner, cluster }),
        say('Then restart their pods.'),
      );
      const many =
        added.length === 1
          ? 'a service account that a pattern admits is'
          : `${added.length} service accounts that a pattern admits are`;
      const found = `${many} not in expanded: ${names(added)}`;
      return isPast(stage, 'dual')
        ? problem(`${found}. Their pods have no association`, remedy)
        : fail('warning', `${found}. Their pods still use IRSA`, remedy);
    },
  );
}
