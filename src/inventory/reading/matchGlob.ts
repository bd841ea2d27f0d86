import { matchesWildcards } from '../matchesWildcards';

/**
 * True when a glob matches a `/`-separated relative path: `*` and `?` stay within one name, `**` as a whole piece stands for any
 * number of folders (as the last piece, for everything below), everything else is itself. Names that begin with a dot match only
 * a piece that does too.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const pieces = glob.split('/').filter((piece) => piece !== '' && piece !== '.');
  if (pieces.at(-1) === '**') pieces.push('*');
  let reached = withoutFolders(new Set([0]), pieces);
  for (const name of path.split('/')) {
    const next = new Set<number>();
    for (const index of reached) {
      const piece = pieces[index];
      if (piece === '**' && !name.startsWith('.')) next.add(index);
      else if (piece !== undefined && piece !== '**' && matchesName(piece, name)) next.add(index + 1);
    }
    reached = withoutFolders(next, pieces);
  }
  return reached.has(pieces.length);
}

/** True when a piece of a path, or a whole one, has something in it that `matchesGlob` does not take literally. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** The pieces that may come next, also where a `**` before them stands for no folder at all. */
function withoutFolders(reached: Set<number>, pieces: readonly string[]): ReadonlySet<number> {
  for (const index of reached) if (pieces[index] === '**') reached.add(index + 1);
  return reached;
}

function matchesName(piece: string, name: string): boolean {
  return !(name.startsWith('.') && /^[*?]/.test(piece)) && matchesWildcards(piece, name);
}
