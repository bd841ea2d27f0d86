/** A request as it came over the wire, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** The path as it was sent, escapes kept, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
