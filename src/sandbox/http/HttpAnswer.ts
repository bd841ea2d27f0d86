/** What goes back over the wire. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it is held back, in milliseconds; Infinity: for ever. Default: 0. */
  readonly holdMs?: number;
}
