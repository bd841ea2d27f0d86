import type { Decision } from '../Scene';
import { leftOut, nameOf } from '../Subject';

/** Entries that exist are never touched. */
export const alreadyThere: Decision = (subject, { environment, cluster }) => {
  const known = environment.workloads.find(
    ({ namespace, serviceAccount, clusters }) =>
      namespace === subject.namespace && serviceAccount.name === subject.name && clusters.includes(cluster.key),
  );
  return (
    known && leftOut(subject, 'in-inventory', `${nameOf(subject)} is workload "${known.key}"`, 'Nothing is to be done.')
  );
};
