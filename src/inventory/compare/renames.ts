import { isDeepStrictEqual } from 'node:util';
import type { Cluster, Environment, Target, Workload } from '../Inventory';
import { allWorkloads, matched, type Comparison, type Kept } from './compare';

/** Something that is in the later version under another key. */
export interface Renamed<T> {
  readonly from: T;
  readonly to: T;
}

/** A workload of an environment under another key. */
export interface RenamedWorkload extends Renamed<Workload> {
  readonly environment: Kept<Environment>;
}

/** Workloads that were removed from an environment while another was added that is the same in all that counts. */
export function renamedWorkloads({ environments }: Comparison): readonly RenamedWorkload[] {
  return environments.kept.flatMap((environment) => {
    const workloads = matched(environment.base.workloads, allWorkloads(environment.head));
    return pairs(workloads.removed, workloads.added, isSameWorkload).map((pair) => ({ ...pair, environment }));
  });
}

export function renamedEnvironments({ environments }: Comparison): readonly Renamed<Environment>[] {
  return pairs(
    environments.removed,
    environments.added,
    (a, b) =>
      a.account.id === b.account.id && a.clusters.some(({ arn }) => b.clusters.some((other) => other.arn === arn)),
  );
}

export function renamedClusters({ base, head }: Kept<Environment>): readonly Renamed<Cluster>[] {
  const clusters = matched(base.clusters, head.clusters);
  return pairs(clusters.removed, clusters.added, (a, b) => a.arn === b.arn || sameIssuer(a, b));
}

export function renamedTargets({ base, head }: Kept<Workload>): readonly Renamed<Target>[] {
  const targets = matched(base.targets, head.targets);
  return pairs(
    targets.removed,
    targets.added,
    (a, b) =>
      a.account.id === b.account.id && (a.role.name === b.role.name || isDeepStrictEqual(a.permissions, b.permissions)),
  );
}

function sameIssuer(a: Cluster, b: Cluster): boolean {
  return a.oidc !== undefined && a.oidc.issuer === b.oidc?.issuer;
}

/** The same role, the same service account on a cluster, or the same in all but one of what makes a workload. */
function isSameWorkload(a: Workload, b: Workload): boolean {
  if (a.role.name === b.role.name) return true;
  const onOneCluster = a.clusters.some((cluster) => b.clusters.includes(cluster));
  const traits = [
    a.namespace === b.namespace,
    a.serviceAccount.name === b.serviceAccount.name,
    isDeepStrictEqual(a.permissions, b.permissions),
    isDeepStrictEqual(traitsOf(a.targets), traitsOf(b.targets)),
  ];
  if (onOneCluster && traits[0] === true && traits[1] === true) return true;
  const hasPermissions = a.permissions.managedPolicies.length + a.permissions.statements.length > 0;
  return onOneCluster && hasPermissions && traits.filter(Boolean).length >= 3;
}

/** Of targets without their roles' names, which the workload's key is part of. */
function traitsOf(targets: readonly Target[]): readonly unknown[] {
  return targets.map(({ key, account, via, permissions }) => ({ key, account: account.id, via, permissions }));
}

/** Each of the first with the first of the second that is the same and not taken. */
function pairs<T>(removed: readonly T[], added: readonly T[], isSame: (a: T, b: T) => boolean): readonly Renamed<T>[] {
  const free = new Set(added);
  return removed.flatMap((from) => {
    const to = [...free].find((candidate) => isSame(from, candidate));
    if (to === undefined) return [];
    free.delete(to);
    return [{ from, to }];
  });
}
