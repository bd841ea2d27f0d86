import type { Stage } from '../../inventory/Inventory';

/** Whether something was obtained through the SDK; where it was not, what AWS said and which statement stood in the way. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

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
