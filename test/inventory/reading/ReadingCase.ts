/** A mistake of a file itself. */
export interface ReadingCase {
  readonly rule: string;
  readonly when: string;
  /** `§` stands before what the only finding points to; without it the finding is at the first line of `at`. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly at?: string;
  readonly message: RegExp;
  /** Default: any. */
  readonly hint?: RegExp;
}
