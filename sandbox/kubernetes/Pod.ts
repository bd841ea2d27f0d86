import type { ClusterRef } from './ClusterRef';

/** A pod that was admitted, as far as its AWS credentials go. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly cluster: ClusterRef;
  /** What the webhook gave it. */
  readonly uses: 'pod-identity' | 'irsa' | 'nothing';
  /** What the webhook put into its containers' environment; the token file is a real one, mode 0600, in a private folder. */
  readonly env: Readonly<Record<string, string>>;
}
