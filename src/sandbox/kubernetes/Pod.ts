import type { ClusterRef } from './ClusterRef';

/** A pod that was admitted, as far as its AWS credentials go. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly cluster: ClusterRef;
  /** Absent: no node would take it. */
  readonly node?: string;
  /** What the webhook gave it. */
  readonly uses: 'pod-identity' | 'irsa' | 'nothing';
  /**
   * The environment of its first container, its own variables and the webhook's; a token file that the webhook projects is a
   * real one here, mode 0600, in a private folder.
   */
  readonly env: Readonly<Record<string, string>>;
}
