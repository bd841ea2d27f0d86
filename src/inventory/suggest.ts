/** The longest name in characters. The work of a comparison is the product of both lengths. */
const LONGEST = 256;

/**
 * The allowed name that was probably meant: equal except for case, `-`, `_` and a final `s`, or with an edit distance (with
 * transpositions) of at most a third of its letters. Of equally near names the first.
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

/** `did you mean "x"? ` or an empty text, as the start of a list of allowed names. */
export function didYouMean(name: string, allowed: Iterable<string>): string {
  const near = suggest(name, allowed);
  return near === undefined ? '' : `did you mean "${near}"? `;
}

/** At most `limit` names for a message, with the number of the others. */
export function listed(names: Iterable<string>, limit = 12): string {
  const all = [...names];
  if (all.length === 0) return 'none is defined';
  const shown = all.slice(0, limit).join(', ');
  return all.length > limit ? `${shown} and ${all.length - limit} more` : shown;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '').replace(/s$/, '');
}

/** Optimal string alignment: an insertion, deletion, substitution or swap of neighbours counts one. */
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
