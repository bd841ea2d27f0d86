import { type Cluster, isPast, managedOn, type Subject, subjectName, subjectsOn, type Workload } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule, KeptWorkload } from '../compare';

const DENIED = 'pods of the old one would be denied';

export const serviceAccountSwapped: CompareRule = {
  name: 'service-account-swapped',
  what: 'A workload past `irsa`, with a role or an account that exists, keeps its service accounts, and the first one stays the first. The id of an association stays that of its service account.',
  example:
    'workload "api" changes its service account from shop/api to shop/web in prod: pods of the old one would be denied',
  *check({ workloads, allowedRemovals }) {
    for (const workload of workloads) {
      // A release with other changes is another finding.
      if (workload.released) continue;
      const gone = allowedRemovals.has(workload.head.key) ? [] : accountsGone(workload);
      yield* gone;
      if (gone.length === 0) yield* otherFirst(workload);
      yield* otherImports(workload);
    }
  },
};

/** Service accounts that the later version does not have on a cluster that it has. Whom a pattern admits, `podlift expand` adds and removes. */
function accountsGone(workload: KeptWorkload): readonly RuleFinding[] {
  const { base, head, environment } = workload;
  const named = base.subjects.filter(({ isExpanded }) => isExpanded !== true);
  return named.flatMap((subject): readonly RuleFinding[] => {
    const clusters = environment.base.clusters.filter(
      (cluster) =>
        subject.clusters.includes(cluster.key) &&
        head.clusters.includes(cluster.key) &&
        !subjectsOn(head, cluster).some((one) => subjectName(one) === subjectName(subject)),
    );
    const [only, ...more] = head.subjects;
    const isSwap = base.subjects.length === 1 && only !== undefined && more.length === 0;
    const loses = lossOf(base, subject, clusters) ?? (isSwap && isNew(base.role) ? undefined : deniedOn(clusters));
    if (loses === undefined) return [];
    const at = environment.head.key;
    const path = ['workloads', head.key];
    return [
      isSwap
        ? {
            path: [...path, ...(only.namespace === subject.namespace ? subjectField(only) : fieldOfNamespace(only))],
            message: `workload "${head.key}" changes its service account from ${subjectName(subject)} to ${subjectName(only)} in ${at}: ${loses}`,
            hint: 'Add a second workload for the new service account, move the pods, then release the first.',
          }
        : {
            path,
            message: `workload "${head.key}" no longer has service account ${subjectName(subject)} on ${clusters.map(({ key }) => key).join(', ')} of ${at}: ${loses}`,
            hint: `Keep the subject until none of its pods runs. To remove it on purpose after that: podlift check --base REVISION --allow-removal ${head.key}.`,
          },
    ];
  });
}

function fieldOfNamespace({ index }: Subject): readonly (string | number)[] {
  return index === undefined ? ['namespace'] : ['subjects', index, 'namespace'];
}

/** The first one has other addresses in Terraform's state than the rest. */
function* otherFirst({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  const [from, to] = [base, head].map(({ subjects }) => subjects.find(({ isFirst }) => isFirst));
  if (from === undefined || to === undefined || lossOf(base, from, environment.base.clusters) === undefined) return;
  const name = subjectName(from);
  const path = ['workloads', head.key, 'subjects'];
  if (name !== subjectName(to)) {
    yield {
      path,
      message: `workload "${head.key}" has ${subjectName(to)} instead of ${name} as its first subject in ${environment.head.key}: the next apply would destroy and create what belongs to both`,
      hint: `Keep ${name} first, also when none of its pods runs, and add others after it.`,
    };
    return;
  }
  // A service account can be listed several times, each time with other clusters.
  const isFirstOn = (workload: Workload, key: string) =>
    subjectsOn(workload, { key }).find((one) => subjectName(one) === name)?.isFirst;
  const others = head.clusters.filter((key) => {
    const [before, now] = [isFirstOn(base, key), isFirstOn(head, key)];
    return before !== undefined && now !== undefined && before !== now;
  });
  if (others.length === 0) return;
  yield {
    path,
    message: `workload "${head.key}" lists ${name} several times, and on ${others.join(', ')} of ${environment.head.key} another one of them has it: the next apply would destroy and create what belongs to it there`,
    hint: `Keep ${name} on the same clusters in the first subject: ${from.clusters.join(', ')}.`,
  };
}

/** An id in `imports` goes to another service account: Terraform would import an association that it manages, and replace it. */
function* otherImports({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  const owners = (workload: Workload) =>
    new Map(
      workload.subjects.flatMap((one) =>
        Object.entries(one.importIds ?? {}).map(([cluster, id]) => [`${cluster} ${id}`, { cluster, id, one }] as const),
      ),
    );
  const before = owners(base);
  for (const [place, { cluster, id, one }] of owners(head)) {
    const was = before.get(place)?.one;
    if (was === undefined || subjectName(was) === subjectName(one)) continue;
    yield {
      path: ['workloads', head.key, 'role', 'imports', 'associations', cluster],
      message: `imports has association ${id} of ${subjectName(was)} on ${cluster} of ${environment.head.key}, and would give it to ${subjectName(one)}: the next apply would destroy it`,
      hint: `An id alone is that of the first subject on the cluster. Write the map: { ${subjectName(was)}: ${id} }.`,
    };
  }
}

/** podlift created the role, or will: nothing is known of pods that use it before `prepared`. */
function isNew({ adopt, manage }: Workload['role']): boolean {
  return !adopt && manage === undefined;
}

/** The trust policy names every service account at each stage: whoever is gone from it is denied. */
function deniedOn(clusters: readonly Cluster[]): string | undefined {
  return clusters.length === 0 ? undefined : DENIED;
}

function lossOf(base: Workload, subject: Subject, clusters: readonly Cluster[]): string | undefined {
  if (clusters.length === 0) return undefined;
  if (isPast(base.stage, 'irsa')) return DENIED;
  const managed = clusters
    .filter(({ key }) => subject.clusters.includes(key))
    .map((cluster) => managedOn(base, subject, cluster));
  if (managed.includes('create')) return 'the next apply would delete the old one';
  return managed.includes('annotate') ? 'the next apply would remove the annotation of the old one' : undefined;
}
