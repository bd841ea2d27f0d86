import type { Segments } from '../Finding';
import { type Subject, subjectName, type SubjectPattern } from '../Inventory';
import type { LongServiceAccount, MergedWorkload } from './mergeOverrides';
import { type ExpandedAccount, expandedSubjects } from './resolveExpanded';

/** The service accounts of a workload in one environment, and those that it admits by pattern. */
export interface ResolvedSubjects {
  readonly subjects: readonly Subject[];
  readonly patterns: readonly SubjectPattern[];
}

/**
 * The service accounts of a workload. Entries that lack a key have a finding of the rule `subjects`, and are left out here.
 *
 * @param clusters keys of the workload's clusters in the environment
 * @param expanded what `expanded` has for the workload there
 */
export function resolveSubjects(
  merged: MergedWorkload,
  clusters: readonly string[],
  expanded: readonly ExpandedAccount[],
): ResolvedSubjects {
  const { subjects, patterns } = namedAccounts(merged, clusters);
  return { subjects: withImports([...subjects, ...expandedSubjects(expanded, clusters)], merged), patterns };
}

/** The subjects with the ids of their associations that the next apply imports. */
function withImports(subjects: readonly Subject[], { role }: MergedWorkload): readonly Subject[] {
  const written = Object.entries(role?.imports?.associations ?? {});
  return subjects.map((subject) => {
    const ids = written.flatMap(([cluster, ids]) => {
      // An id alone is that of the first one there that the entry names: which one of `expanded` is first changes with each run.
      const first = subjects.find((one) => one.clusters.includes(cluster) && one.isExpanded !== true);
      const id = typeof ids === 'string' ? (first === subject ? ids : undefined) : ids[subjectName(subject)];
      return id === undefined ? [] : [[cluster, id] as const];
    });
    return ids.length === 0 ? subject : { ...subject, importIds: Object.fromEntries(ids) };
  });
}

function namedAccounts(merged: MergedWorkload, clusters: readonly string[]): ResolvedSubjects {
  const { namespace, serviceAccount, subjects: written, role } = merged;
  // The service account of an existing role exists too: creating the account would fail.
  const manage = role?.adopt === true || role?.manage !== undefined ? 'annotate' : 'create';
  const subjectOf = (
    account: LongServiceAccount,
    place: Pick<Subject, 'namespace' | 'clusters' | 'isFirst' | 'index'>,
  ): Subject => ({
    ...place,
    name: account.name,
    manage: account.manage ?? manage,
    ...(account.adopt === true && { adopt: true }),
    ...(account.imports !== undefined && { imports: account.imports }),
  });
  if (written === undefined) {
    if (namespace === undefined || serviceAccount === undefined) return { subjects: [], patterns: [] };
    return { subjects: [subjectOf(serviceAccount, { namespace, clusters, isFirst: true })], patterns: [] };
  }
  const on = (keys: readonly string[] | undefined) => clusters.filter((key) => keys?.includes(key) ?? true);
  const first = written.findIndex((one) => one.namespace !== undefined && one.serviceAccount !== undefined);
  return {
    subjects: written.flatMap((one, index) =>
      one.namespace === undefined || one.serviceAccount === undefined
        ? []
        : [
            subjectOf(one.serviceAccount, {
              namespace: one.namespace,
              clusters: on(one.clusters),
              isFirst: index === first,
              index,
            }),
          ],
    ),
    patterns: written.flatMap(({ namespaces, serviceAccounts, clusters: keys }) =>
      namespaces === undefined || serviceAccounts === undefined
        ? []
        : [{ namespaces: [namespaces].flat(), serviceAccounts: [serviceAccounts].flat(), clusters: on(keys) }],
    ),
  };
}

/** The path of a subject's service account below its workload. */
export function subjectField({ index }: Pick<Subject, 'index'>): Segments {
  return index === undefined ? ['serviceAccount'] : ['subjects', index, 'serviceAccount'];
}
