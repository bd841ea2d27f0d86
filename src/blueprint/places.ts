import type { Cluster, Subject, Workload } from '../inventory/Inventory';

/** A service account of a workload on one of its clusters. */
export interface SubjectPlace {
  readonly cluster: Cluster;
  readonly subject: Subject;
}

/** Each service account of a workload on each of some clusters, by cluster. */
export function placesIn(
  { subjects }: Pick<Workload, 'subjects'>,
  clusters: readonly Cluster[],
): readonly SubjectPlace[] {
  return clusters.flatMap((cluster) =>
    subjects.filter((subject) => subject.clusters.includes(cluster.key)).map((subject) => ({ cluster, subject })),
  );
}
