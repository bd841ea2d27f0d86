import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { isGlob, matchesGlob } from '../../inventory/reading/globs';
import { parseSource } from '../../inventory/source/parseSource';
import { linkTarget, readBlobs, type TreeEntry } from './commitTree';

/**
 * Writes an inventory of a commit, and whatever its `include` may mean, into a folder, at the same paths as in the repository.
 * Files that no pattern could name are left out. A symbolic link that leads out of the repository is left out too: the file that it
 * leads to is no part of the commit.
 *
 * @param tree the files of the commit
 * @param root the inventory, from the repository's top
 */
export function checkOut(top: string, tree: ReadonlyMap<string, TreeEntry>, root: string, folder: string): void {
  const written = new Set<string>();
  let wanted: readonly string[] = [root];
  while (wanted.length > 0) {
    const entries = [...new Set(wanted)].flatMap((path) => (written.has(path) ? [] : (tree.get(path) ?? [])));
    const contents = readBlobs(top, entries);
    wanted = entries.flatMap((entry, index) => {
      const content = contents[index] ?? Buffer.alloc(0);
      written.add(entry.path);
      if (!entry.isLink) {
        write(folder, entry.path, content);
        return included(entry.path, content, tree);
      }
      const target = linkTarget(entry.path, content);
      if (target === undefined) return [];
      link(folder, entry.path, content);
      return [target];
    });
  }
}

function write(folder: string, path: string, content: Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function link(folder: string, path: string, content: Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(content.toString('utf8'), join(folder, path));
}

/** The files of the commit that the patterns of a file may mean; loading decides which of them they do. */
function included(path: string, content: Buffer, tree: ReadonlyMap<string, TreeEntry>): readonly string[] {
  const { include } = parseSource(content.toString('utf8'), path).source?.data ?? {};
  if (!Array.isArray(include)) return [];
  return include.flatMap((pattern: unknown) =>
    typeof pattern === 'string' ? meant(posix.dirname(path), pattern, tree) : [],
  );
}

function meant(folder: string, pattern: string, tree: ReadonlyMap<string, TreeEntry>): readonly string[] {
  const pieces = pattern.split('/');
  const firstGlob = pieces.findIndex(isGlob);
  if (firstGlob < 0) return [posix.join(folder, pattern)];
  const base = posix.join(folder, ...pieces.slice(0, firstGlob));
  const prefix = base === '.' ? '' : `${base}/`;
  const rest = pieces.slice(firstGlob).join('/');
  return [...tree.keys()].filter((path) => path.startsWith(prefix) && matchesGlob(rest, path.slice(prefix.length)));
}
