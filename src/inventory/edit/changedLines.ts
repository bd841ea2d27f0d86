/** What differs between two texts: the lines from the first to the last change, without line breaks. */
export interface ChangedLines {
  /** Of the first of them; counts from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The lines in which two texts differ; lines that are the same at the beginning and at the end are left out. */
export function changedLines(before: string, after: string): ChangedLines {
  const [old, new_] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const shorter = Math.min(old.length, new_.length);
  let start = 0;
  while (start < shorter && old[start] === new_[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === new_.at(-1 - end)) end += 1;
  return {
    line: start + 1,
    before: old.slice(start, old.length - end),
    after: new_.slice(start, new_.length - end),
  };
}
