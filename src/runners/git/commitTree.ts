import { posix } from 'node:path';
import { runGit } from './runGit';

/** A file of a commit. */
export interface TreeEntry {
  /** From the repository's top, with `/`. */
  readonly path: string;
  readonly object: string;
  readonly isLink: boolean;
}

/** The files of a commit by path, without those of submodules. Throws when git cannot say. */
export function listTree(top: string, commit: string): ReadonlyMap<string, TreeEntry> {
  const answer = runGit(top, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  if (!answer.ok) throw new Error(`git ls-tree: ${answer.message}`);
  const entries = answer.output
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode, object, path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return path === undefined || object === undefined ? [] : [{ path, object, isLink: mode === '120000' }];
    });
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** The contents of files, in their order. Throws when git cannot give them. */
export function readBlobs(top: string, entries: readonly TreeEntry[]): readonly Buffer[] {
  if (entries.length === 0) return [];
  const answer = runGit(top, ['cat-file', '--batch'], entries.map(({ object }) => `${object}\n`).join(''));
  if (!answer.ok) throw new Error(`git cat-file: ${answer.message}`);
  let rest = answer.output;
  return entries.map(({ path }) => {
    const end = rest.indexOf('\n');
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(rest.subarray(0, end).toString('latin1'))?.[1];
    // In a partial clone an object may be missing and the server out of reach.
    if (size === undefined) throw new Error(`git cat-file: ${path} is not in this clone`);
    const content = rest.subarray(end + 1, end + 1 + Number(size));
    rest = rest.subarray(end + 2 + Number(size));
    return content;
  });
}

/** Where a symbolic link of a tree leads; undefined when that is outside of the repository. */
export function linkTarget(path: string, content: Buffer): string | undefined {
  const target = content.toString('utf8');
  const inside = posix.normalize(posix.join(posix.dirname(path), target));
  return posix.isAbsolute(target) || inside === '..' || inside.startsWith('../') ? undefined : inside;
}
