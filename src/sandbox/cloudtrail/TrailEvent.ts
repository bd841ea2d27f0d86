/** One event in one account's event history. */
export interface TrailEvent {
  /** The account whose history it is in. */
  readonly account: string;
  readonly region: string;
  readonly id: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly time: number;
  readonly name: string;
  /** `sts.amazonaws.com` */
  readonly source: string;
  readonly readOnly: boolean;
  readonly username?: string;
  readonly accessKeyId?: string;
  readonly resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The whole record, in CloudTrail's shape. */
  readonly record: Readonly<Record<string, unknown>>;
}
