/** Names a cluster of the sandbox. */
export interface ClusterRef {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}
