/** In characters: comparing takes the product of two lengths, and nothing that has a name here is longer. */
const LONGEST = 256;

/**
 * The allowed name that was probably meant, if one is near enough: the same but for case, `-` and `_` and a plural's `s`, or at
 * most a third of its letters away (edit distance with transpositions). Ties go to the first.
 */
export function suggest(name: string, allowed: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = fold(name);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of allowed) {
    const folded = fold(candidate);
    if (folded === wanted) return candidate;
    if (Math.abs(folded.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, folded);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `did you mean "x"? ` or nothing, to stand before what is allowed. */
export function didYouMean(name: string, allowed: Iterable<string>): string {
  const near = suggest(name, allowed);
  return near === undefined ? '' : `did you mean "${near}"? `;
}

/** Names for a hint: quoted, at most `limit` of them, with the number of those left out. */
export function listed(names: Iterable<string>, limit = 12): string {
  const all = [...names];
  if (all.length === 0) return 'none is defined';
  const shown = all.slice(0, limit).join(', ');
  return all.length > limit ? `${shown} and ${all.length - limit} more` : shown;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '').replace(/s$/, '');
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each. */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (twoBack[j - 2] ?? 0) + 1);
      current.push(cost);
    }
    [twoBack, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
