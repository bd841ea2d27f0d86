import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { loadInventory, type LoadedInventory } from '../inventory/loadInventory';
import { commitTree, entriesOf } from './CommitTree';
import { answer, git } from './git';

/** An inventory as it was at a revision, or the reason why there is none. */
export type RevisionResult =
  | {
      readonly found: true;
      /** When the commit was made (its committer's time); undefined when git does not say. */
      readonly committed?: Date;
      readonly loaded: Pick<LoadedInventory, 'inventory' | 'sound' | 'findings'>;
    }
  /** The commit does not have the file. `gone`: inventories that only the commit has, not the working tree; from the repository's top. */
  | { readonly found: false; readonly gone: readonly string[] }
  /** `problem` is for people, one line. */
  | { readonly found: false; readonly problem: string };

/**
 * Reads an inventory and all files that it includes as they were at a git revision. Findings name files as `<revision>:<path from the
 * repository's top>`. Nothing is written, and git runs no command of the repository (see `git`). Never throws.
 *
 * @param file the inventory's first file in the working tree; the file may be gone there
 * @param revision whatever `git rev-parse` takes for a commit: `main`, `HEAD~1`, `origin/main`, an id
 */
export function readRevision(file: string, revision: string): RevisionResult {
  try {
    const top = topOf(nearestFolder(resolve(file)));
    const commit = commitOf(top, revision);
    const entries = entriesOf(top, commit, revision);
    const path = pathIn(top, resolve(file));
    if (!entries.has(path)) return { found: false, gone: goneInventories(top, commit) };
    const committed = new Date(answer(top, ['show', '--no-patch', '--no-show-signature', '--format=%cI', commit]));
    return {
      found: true,
      ...(Number.isNaN(committed.getTime()) ? {} : { committed }),
      loaded: loadInventory(`/${path}`, { files: commitTree(top, entries, revision), includeOutside: false }),
    };
  } catch (error) {
    return { found: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The top folder of the repository that has a folder. Throws when there is none. */
export function topOf(folder: string): string {
  try {
    return realpathSync(
      git(folder, ['rev-parse', '--show-toplevel'])
        .toString('utf8')
        .replace(/\r?\n$/, ''),
    );
  } catch (error) {
    if (String(error).includes('not a git repository')) throw new Error(`${folder} is in no git repository`);
    throw error;
  }
}

/** The id of the commit that a revision means. Throws when git does not know the revision. */
export function commitOf(top: string, revision: string): string {
  // No revision begins with - (git check-ref-format): git would take it for an option.
  const isOption = revision.startsWith('-') || revision.trim() === '';
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const id = isOption ? '' : answer(top, verify);
  // For `^HEAD`, which leaves a commit out, git answers `^<id>`.
  if (/^[0-9a-f]{40,64}$/.test(id)) return id;
  const hint =
    answer(top, ['rev-parse', '--is-shallow-repository']) === 'true'
      ? 'this clone is shallow: fetch the history first (`fetch-depth: 0` in actions/checkout, `git fetch --unshallow`)'
      : 'fetch a branch of a remote first (`git fetch origin`), and name it `origin/main`';
  throw new Error(`git has no commit "${revision}": ${hint}`);
}

/** Files of a commit that look like an inventory and are not in the working tree: one of these may have been moved. */
function goneInventories(top: string, commit: string): readonly string[] {
  const paths = answer(top, [
    'grep',
    '--no-textconv',
    '-l',
    '-z',
    '-E',
    '^environments:',
    commit,
    '--',
    '*.yaml',
    '*.yml',
  ]).split('\0');
  return paths
    .filter(Boolean)
    .map((path) => path.slice(commit.length + 1))
    .filter((path) => !existsSync(join(top, path)));
}

/** A file's path from the repository's top, with `/`. Follows links of its folder; the file itself may be a link in the commit. */
function pathIn(top: string, file: string): string {
  const folder = nearestFolder(file);
  const below = folder === dirname(file) ? basename(file) : relative(folder, file);
  const path = relative(top, join(realpathSync(folder), below)).split(sep);
  // With `core.worktree` the top is where the configuration says.
  if (path[0] === '..') throw new Error(`${file} is not below ${top}, the top of its git repository`);
  return path.join('/');
}

/** The folder of a file, or the nearest one above it that exists. */
export function nearestFolder(file: string): string {
  let folder = dirname(file);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
