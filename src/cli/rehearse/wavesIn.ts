import type { Inventory } from '../../inventory/Inventory';

/** The waves that have workloads in an environment, by key, in the order of the inventory. */
export function wavesIn({ waves, environments }: Inventory, environment: string): string[] {
  const workloads = environments.find(({ key }) => key === environment)?.workloads ?? [];
  const present = new Set(workloads.flatMap(({ wave }) => wave ?? []));
  return waves.map(({ key }) => key).filter((key) => present.has(key));
}
