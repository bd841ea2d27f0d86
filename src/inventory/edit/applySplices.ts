/** A piece of a text, from one offset up to another, and what takes its place. An insertion begins where it ends. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Makes the changes to a text; everything outside of them stays as it is. Insertions at an offset come before what is replaced there.
 * Throws when two of them overlap.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let done = 0;
  for (const { from, to, text: added } of [...splices].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < done) throw new Error(`two changes overlap at offset ${from}`);
    result += text.slice(done, from) + added;
    done = to;
  }
  return result + text.slice(done);
}
