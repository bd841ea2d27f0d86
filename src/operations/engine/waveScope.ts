import type { Blueprint } from '../../blueprint/Blueprint';
import { stacksOf } from '../../blueprint/stacksOf';
import type { Environment } from '../../inventory/Inventory';
import { type KnownKeys, ownerOfAddress } from './ownerOfAddress';

/** What a wave has in an environment. */
export interface WaveScope {
  /** Keys of its workloads. */
  readonly workloads: ReadonlySet<string>;
  /** Keys of the clusters on which they run. */
  readonly clusters: ReadonlySet<string>;
  /** Names of the stacks that have a resource of them. */
  readonly stacks: readonly string[];
}

/** What a wave has in an environment: whole stacks, since Terraform's `-target` leaves out what its resources need. */
export function waveScope(wave: string, environment: Environment, blueprint: Blueprint): WaveScope {
  const own = [...environment.workloads, ...(environment.released ?? [])].filter((one) => one.wave === wave);
  const workloads = new Set(own.map(({ key }) => key));
  const clusters = new Set(own.flatMap((one) => one.clusters));
  const { targetRoles, serviceAccounts, released } = blueprint;
  const accounts = new Set(
    [...targetRoles, ...released.targetRoles]
      .filter(({ workload }) => workloads.has(workload))
      .map(({ account }) => account.key),
  );
  const annotated = new Set(
    [...serviceAccounts, ...released.serviceAccounts]
      .filter(({ workload }) => workloads.has(workload))
      .map(({ cluster }) => cluster),
  );
  const stacks = stacksOf(blueprint)
    .filter(({ of }) => {
      if (workloads.size === 0) return false;
      if (of.kind === 'identity') return true;
      return of.kind === 'targets' ? accounts.has(of.account) : annotated.has(of.cluster);
    })
    .map(({ name }) => name);
  return { workloads, clusters, stacks };
}

/** A pending change in a stack of the wave that is not the wave's: it needs `--with-others`. */
export interface OtherChange {
  readonly stack: string;
  readonly address: string;
  readonly action: string;
  /** Whose it is, where the inventory has it. */
  readonly workload?: string;
  readonly cluster?: string;
}

/** The pending changes of a stack that are none of the wave's. The agent, the OIDC provider and the add-ons of a cluster on which the wave runs are the wave's. */
export function otherChanges(
  stack: string,
  changes: readonly { readonly address: string; readonly action: string }[],
  { workloads, clusters }: WaveScope,
  known: KnownKeys,
  addons: Blueprint['addons'],
): readonly OtherChange[] {
  return changes.flatMap(({ address, action }): readonly OtherChange[] => {
    const { workload, cluster, addon } = ownerOfAddress(address, known);
    const ofAddon = addons.find((one) => one.cluster === cluster && one.name === addon)?.workloads ?? [];
    if (workload !== undefined && workloads.has(workload)) return [];
    if (ofAddon.length > 0 ? ofAddon.some((one) => workloads.has(one)) : clusters.has(cluster ?? '')) return [];
    return [
      {
        ...{ stack, address, action },
        ...(workload !== undefined && { workload }),
        ...(workload === undefined && cluster !== undefined && { cluster }),
      },
    ];
  });
}
