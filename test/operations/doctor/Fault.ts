import type { Stage } from '../../../src/inventory/Inventory';
import type { PodFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import type { Setting, World } from '../agreedWorld';
import type { containerOf } from '../facts';

/** One thing that is broken, and what the doctor must name first. */
export interface Fault {
  readonly name: string;
  readonly stage: Stage;
  readonly setting?: Setting;
  readonly break: (world: World) => unknown;
  /** As `notes` gives it. */
  readonly notes: readonly string[];
  /** In what the first of them found. */
  readonly found: RegExp;
  readonly fix: RegExp;
}

/** The workload's pods in place of the one that is there. */
export function pods(world: World, ...own: PodFacts[]): PodFacts[] {
  return (world.pods = [...own, ...world.pods.filter(({ serviceAccount }) => serviceAccount !== 'orders-api')]);
}

export const changed = (world: World, env: Parameters<typeof containerOf>[0]): PodFacts[] => {
  const [pod] = world.pods;
  return pods(world, { ...pod!, containers: pod!.containers.map((container) => ({ ...container, ...env })) });
};

export function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
}
