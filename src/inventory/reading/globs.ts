import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files below `folder` that a relative glob matches, as paths joined to `folder`, sorted. A glob without `*` and `?` matches one
 * existing file. Links to folders are not followed, so that a cycle of links ends.
 */
export function expandGlob(folder: string, glob: string): readonly string[] {
  if (!isGlob(glob)) {
    const path = join(folder, glob);
    return existsSync(path) ? [path] : [];
  }
  const pieces = glob.split('/').filter((piece) => piece !== '' && piece !== '.');
  const firstGlob = pieces.findIndex(isGlob);
  const base = join(folder, ...pieces.slice(0, firstGlob));
  const rest = pieces.slice(firstGlob);
  const depth = rest.includes('**') ? Infinity : rest.length;
  return listFiles(base, depth)
    .filter((file) => matchesGlob(rest.join('/'), file))
    .sort()
    .map((file) => join(base, file));
}

function listFiles(folder: string, depth: number, prefix = ''): readonly string[] {
  if (depth < 1) return [];
  return entriesOf(folder).flatMap((entry) => {
    const name = prefix + entry.name;
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : listFiles(join(folder, entry.name), depth - 1, `${name}/`);
    }
    return entry.isFile() || entry.isSymbolicLink() ? [name] : [];
  });
}

/** An absent or unreadable folder has no entries. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * Whether a glob matches a `/`-separated relative path. `*` and `?` match within one name. `**` as a whole piece matches any number of
 * folders, and as the last piece everything below. A name that begins with a dot matches only a piece that begins with a dot.
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

/** Whether a path has characters that `matchesGlob` does not match literally. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** The next pieces, also those after a `**` that matches no folder. */
function withoutFolders(reached: Set<number>, pieces: readonly string[]): ReadonlySet<number> {
  for (const index of reached) if (pieces[index] === '**') reached.add(index + 1);
  return reached;
}

function matchesName(piece: string, name: string): boolean {
  return !(name.startsWith('.') && /^[*?]/.test(piece)) && matchesWildcards(piece, name);
}

/**
 * Whether a text matches a pattern: `*` matches any number of characters, `?` matches one. It takes at most pattern length times text
 * length steps, since a pattern of the operator can be hostile.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let afterStar = 0;
  while (inText < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern;
      afterStar = inText;
      inPattern += 1;
    } else if (wanted === '?' || wanted === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      // Only the last star takes one more character: it can match everything that an earlier one could.
      afterStar += 1;
      inText = afterStar;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}
