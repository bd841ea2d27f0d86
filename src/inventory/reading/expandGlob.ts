import { existsSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isGlob, matchesGlob } from './matchGlob';

/**
 * The files below `folder` that a relative glob matches, as paths joined to `folder`, in the order of their names. Without `*`
 * and `?` it names one file, which need only exist. Links to folders are not followed, so that a circle of links ends.
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

/** A folder that is not there or may not be read holds nothing that could be included. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
