import type { ProposedWorkload } from './Proposal';

/** A workload over which a look throws, and what it says. */
export interface Thrower {
  readonly workload: ProposedWorkload;
  readonly why: string;
}

/** Those workloads over which a look throws when they are looked at by themselves: found by halves, so that few looks find one among many. */
export function thrownBy(
  workloads: readonly ProposedWorkload[],
  look: (some: readonly ProposedWorkload[]) => unknown,
): readonly Thrower[] {
  const [workload, ...others] = workloads;
  if (workload === undefined) return [];
  try {
    look(workloads);
    return [];
  } catch (error) {
    if (others.length === 0) return [{ workload, why: error instanceof Error ? error.message : String(error) }];
    const half = Math.ceil(workloads.length / 2);
    return [...thrownBy(workloads.slice(0, half), look), ...thrownBy(workloads.slice(half), look)];
  }
}
