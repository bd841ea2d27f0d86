import type { Stage } from '../../inventory/Inventory';
import type { Outcome } from '../pods/askRoles';

/** What a pod of one workload, created now on one cluster, gets. */
export interface PodAnswer {
  readonly workload: string;
  readonly environment: string;
  readonly cluster: string;
  readonly stage: Stage;
  readonly uses: string;
  /** The pod uses what its stage promises. */
  readonly asPromised: boolean;
  readonly source: Outcome;
  readonly targets: readonly { readonly target: string; readonly outcome: Outcome }[];
}

/** Whether everything that the inventory promises this pod was obtained. */
export function holds({ asPromised, source, targets }: PodAnswer): boolean {
  return asPromised && source.ok && targets.every(({ outcome }) => outcome.ok);
}
