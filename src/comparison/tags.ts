type Tags = Readonly<Record<string, string>>;

/** Tags that AWS itself sets, and nobody else can. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export function isTagOfAws(key: string): boolean {
  return /^aws:/i.test(key);
}

/** Keys of tags by how they differ. */
export interface TagMismatch {
  /** Wanted, and missing or of another value. */
  readonly different: readonly string[];
  /** Found, and not wanted. */
  readonly extra: readonly string[];
}

/** The tags that a thing must have against those that it has, those of AWS aside. */
export function compareTags(wanted: Tags, found: Tags): TagMismatch {
  return {
    different: Object.keys(wanted).filter((key) => found[key] !== wanted[key]),
    extra: Object.keys(found).filter((key) => !Object.hasOwn(wanted, key) && !isTagOfAws(key)),
  };
}
