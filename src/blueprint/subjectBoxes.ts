import type { Cluster, Workload } from '../inventory/Inventory';

/** Service accounts and clusters of which every combination may have the role. */
export interface SubjectBox {
  /** In the order of the environment. */
  readonly clusters: readonly Cluster[];
  readonly namespaces: readonly string[];
  readonly serviceAccounts: readonly string[];
  /** The names are patterns with `*` and `?`. */
  readonly isPattern: boolean;
}

/** In what order values are put together: the first pair is equal, the third differs. */
type Axis = 'clusters' | 'namespaces' | 'serviceAccounts';
const ORDERS: readonly (readonly [Axis, Axis])[] = [
  ['serviceAccounts', 'namespaces'],
  ['namespaces', 'serviceAccounts'],
  ['clusters', 'serviceAccounts'],
  ['clusters', 'namespaces'],
  ['serviceAccounts', 'clusters'],
  ['namespaces', 'clusters'],
];
const AXES: readonly Axis[] = ['clusters', 'namespaces', 'serviceAccounts'];

/**
 * The service accounts of a workload on some clusters as few groups, so that no combination is admitted that was not asked for. A condition on
 * cluster, namespace and name admits every combination of their values. Names that a pattern admits are left out: they are admitted already.
 */
export function subjectBoxes(
  { subjects, patterns = [] }: Pick<Workload, 'subjects' | 'patterns'>,
  clusters: readonly Cluster[],
): readonly SubjectBox[] {
  const here = (keys: readonly string[]) => clusters.filter(({ key }) => keys.includes(key));
  const named = subjects
    .filter(({ isExpanded }) => isExpanded !== true)
    .map((one) => ({
      clusters: here(one.clusters),
      namespaces: [one.namespace],
      serviceAccounts: [one.name],
      isPattern: false,
    }));
  const byPattern = patterns.map((one) => ({ ...one, clusters: here(one.clusters), isPattern: true }));
  return [...fewest(named), ...fewest(byPattern)];
}

/** The boxes of the order that gives the fewest. */
function fewest(boxes: readonly SubjectBox[]): readonly SubjectBox[] {
  const all = boxes.filter((box) => box.clusters.length > 0);
  const results = ORDERS.map((order) => order.reduce(together, all));
  return results.reduce((best, one) => (one.length < best.length ? one : best), all);
}

/** Puts the boxes together that differ on one axis alone. */
function together(boxes: readonly SubjectBox[], axis: Axis): readonly SubjectBox[] {
  const groups = new Map<string, SubjectBox>();
  for (const box of boxes) {
    const key = JSON.stringify(AXES.filter((other) => other !== axis).map((other) => valuesOf(box, other).toSorted()));
    const first = groups.get(key);
    groups.set(key, first === undefined ? box : { ...first, [axis]: unique([...first[axis], ...box[axis]]) });
  }
  return [...groups.values()];
}

function valuesOf(box: SubjectBox, axis: Axis): readonly string[] {
  return axis === 'clusters' ? box.clusters.map(({ key }) => key) : box[axis];
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
