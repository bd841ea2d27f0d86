import { join } from 'node:path';
import type { FileTree } from './FileTree';

/** How many entries of folders the globs of one inventory may visit: enough for a large repository, and not for a whole disk. */
export const MAX_VISITED = 250_000;

/** Counts the entries of folders that the globs of an inventory visit. */
export interface Visits {
  count: number;
}

/** The folder that a relative glob searches: the part before the first piece with `*` or `?`. */
export function baseOf(folder: string, glob: string): string {
  const pieces = piecesOf(glob);
  const firstGlob = pieces.findIndex(isGlob);
  return join(folder, ...(firstGlob < 0 ? pieces : pieces.slice(0, firstGlob)));
}

/**
 * The files below `folder` that a relative glob matches, as paths joined to `folder`, sorted; undefined when the globs of the inventory have
 * visited more than `MAX_VISITED` entries. A glob without `*` and `?` matches one existing file. Links to folders are not followed, so that a
 * cycle of links ends; `node_modules` and `.git` are left out.
 */
export function expandGlob(
  folder: string,
  glob: string,
  files: FileTree,
  visits: Visits,
): readonly string[] | undefined {
  if (!isGlob(glob)) {
    const path = join(folder, glob);
    return files.exists(path) ? [path] : [];
  }
  const pieces = piecesOf(glob);
  const base = baseOf(folder, glob);
  const rest = pieces.slice(pieces.findIndex(isGlob));
  const depth = rest.includes('**') ? Infinity : rest.length;
  const wanted = rest.join('/');
  const found: string[] = [];
  const open = [{ prefix: '', depth }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { prefix } = next;
    for (const { name, isFolder } of files.entriesOf(join(base, prefix))) {
      visits.count += 1;
      if (visits.count > MAX_VISITED) return undefined;
      if (!isFolder && matchesGlob(wanted, prefix + name)) found.push(prefix + name);
      const isEntered = isFolder && next.depth > 1 && !SKIPPED.has(name);
      if (isEntered) open.push({ prefix: `${prefix}${name}/`, depth: next.depth - 1 });
    }
  }
  return found.sort().map((file) => join(base, file));
}

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

function piecesOf(glob: string): string[] {
  return glob.split('/').filter((piece) => piece !== '' && piece !== '.');
}

/**
 * Whether a glob matches a `/`-separated relative path. `*` and `?` match within one name. `**` as a whole piece matches any number of
 * folders, and as the last piece everything below. A name that begins with a dot matches only a piece that begins with a dot.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const pieces = piecesOf(glob);
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
