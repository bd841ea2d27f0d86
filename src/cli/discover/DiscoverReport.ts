import type { PlacedEntry } from '../../inventory/edit/addEntries';
import type { Finding } from '../../inventory/Finding';
import type { Proposal } from '../../operations/discover/Proposal';
import type { Questions } from './countedPorts';

/** What came of `discover`. */
export interface DiscoverReport extends Proposal {
  /** The cluster's name in EKS. */
  readonly clusterName: string;
  /** How much was asked, and for how long. */
  readonly asked: Questions & {
    /** To AWS, retries included; absent: not counted. */
    readonly calls?: number;
    readonly milliseconds: number;
  };
  readonly write: boolean;
  readonly written: boolean;
  /** The file that the entries are for, and where they stand in it, or would. */
  readonly file?: string;
  readonly places: readonly PlacedEntry[];
  /** Why the entries cannot be written. */
  readonly findings: readonly Finding[];
  /** Why they were not, where that is none of the findings. */
  readonly problem?: { readonly message: string; readonly hint: string };
}
