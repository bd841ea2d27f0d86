import { lstatSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { entriesOf } from './CommitTree';
import { git } from './git';
import { commitOf, nearestFolder, topOf } from './readRevision';

/** A file of the working tree that a revision does not have. */
export interface NewFile {
  /** From the repository's top, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files of the working tree that are not at a revision, tracked or not, without those that git ignores. Symbolic links are left out: what they
 * lead to is no part of the change. Throws as `git` does.
 *
 * @param file a file of the repository
 * @param wanted whether a file is read, by its name
 */
export function newFiles(file: string, revision: string, wanted: (name: string) => boolean): readonly NewFile[] {
  const top = topOf(nearestFolder(resolve(file)));
  const before = entriesOf(top, commitOf(top, revision), revision);
  const paths = git(top, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).toString('utf8').split('\0');
  return [...new Set(paths)]
    .filter((path) => path !== '' && wanted(basename(path)) && !before.has(path) && isFile(join(top, path)))
    .map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
