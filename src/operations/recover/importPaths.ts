import type { Inventory, Subject } from '../../inventory/Inventory';
import type { FoundResource } from './Recovery';

type Entry = NonNullable<FoundResource['entry']>;

/**
 * The paths of entries under `imports`. Keys of clusters are the same in several environments, and an id is that of one: a workload in several
 * environments has the entry under its override.
 */
export function importPaths(inventory: Inventory, environment: string) {
  const isAlone = (workload: string) =>
    inventory.environments.filter(({ workloads, released = [] }) =>
      [...workloads, ...released].some(({ key }) => key === workload),
    ).length === 1;
  const below = (workload: string) =>
    isAlone(workload) ? ['workloads', workload] : ['workloads', workload, 'overrides', environment];
  const inRole = (workload: string, target: string | undefined, ...rest: readonly string[]) => [
    ...below(workload),
    ...(target === undefined ? [] : ['targets', target]),
    'role',
    'imports',
    ...rest,
  ];
  const inCluster = (cluster: string, ...rest: readonly string[]) => [
    'environments',
    environment,
    'clusters',
    cluster,
    ...rest,
    'imports',
  ];
  return {
    role: (workload: string, target?: string): Entry => ({ path: inRole(workload, target, 'role'), value: true }),
    inlinePolicy: (workload: string, target: string | undefined, name: string): Entry => ({
      path: inRole(workload, target, 'inlinePolicies'),
      item: name,
      value: name,
    }),
    managedPolicy: (workload: string, target: string | undefined, arn: string): Entry => ({
      path: inRole(workload, target, 'managedPolicies'),
      item: arn,
      value: arn,
    }),
    // With `subject` (`namespace/service-account`) the cluster has a map.
    association: (workload: string, cluster: string, id: string, subject?: string): Entry => ({
      path: inRole(workload, undefined, 'associations', cluster, ...(subject === undefined ? [] : [subject])),
      value: id,
    }),
    agent: (cluster: string): Entry => ({ path: inCluster(cluster, 'agent'), value: true }),
    addon: (cluster: string, name: string): Entry => ({ path: inCluster(cluster, 'addons', name), value: true }),
    oidcProvider: (cluster: string): Entry => ({ path: inCluster(cluster, 'oidc'), value: true }),
    // A service account can be written as its name alone; an override can have a map beside the name.
    serviceAccount: (workload: string, cluster: string, { index }: Pick<Subject, 'index'>): Entry => ({
      path:
        index === undefined
          ? ['workloads', workload, 'overrides', environment, 'serviceAccount', 'imports']
          : [...below(workload), 'subjects', String(index), 'serviceAccount', 'imports'],
      item: cluster,
      value: cluster,
    }),
  };
}
