import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../inventory/Finding';
import { type LoadedInventory, loadInventory } from '../../inventory/loadInventory';
import { checkOut } from './checkOut';
import { listTree } from './commitTree';
import { runGit } from './runGit';

/** An inventory as it was at a revision, or why there is none. `message` is for people, one line or two. */
export type RevisionResult =
  | {
      readonly found: true;
      readonly commit: string;
      /** When the commit was made (its committer's time); undefined when git does not say. */
      readonly committed?: Date;
      readonly loaded: Pick<LoadedInventory, 'inventory' | 'sound' | 'findings'>;
    }
  | {
      readonly found: false;
      readonly why: 'absent';
      readonly commit: string;
      /** Inventories that the commit has and the working tree has no longer, from the repository's top. */
      readonly gone: readonly string[];
    }
  | {
      readonly found: false;
      readonly why: 'no-git' | 'no-repository' | 'unknown-revision' | 'failed';
      readonly message: string;
    };

/**
 * Reads an inventory and all that it includes as they were at a git revision. Findings name files as `<revision>:<path from the repository's
 * top>`. Nothing of the working tree is touched; a temporary folder is made and removed. Never throws.
 *
 * @param file the inventory's first file, in the working tree; it need not be there any more, its folder does
 * @param revision whatever `git rev-parse` takes for a commit: `main`, `HEAD~1`, `origin/main`, an id
 */
export function readRevision(file: string, revision: string): RevisionResult {
  const folder = nearestFolder(resolve(file));
  const top = runGit(folder, ['rev-parse', '--show-toplevel']);
  if (!top.ok) {
    if (top.why === 'no-git') return { found: false, why: 'no-git', message: top.message };
    const isNone = top.message.includes('not a git repository');
    const message = isNone ? `${folder} is in no git repository` : `git in ${folder}: ${top.message}`;
    return { found: false, why: isNone ? 'no-repository' : 'failed', message };
  }
  const root = realpathSync(top.output.toString('utf8').replace(/\r?\n$/, ''));
  const commit = resolveCommit(root, revision);
  if (typeof commit !== 'string') return commit;
  try {
    return readCommit(root, commit, pathIn(root, resolve(file)), revision);
  } catch (error) {
    return { found: false, why: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function resolveCommit(top: string, revision: string): string | RevisionResult {
  // A revision never begins so (git check-ref-format); git would take it for an option.
  const isOption = revision.startsWith('-') || revision.trim() === '';
  const found = isOption
    ? undefined
    : runGit(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const id = found?.ok ? found.output.toString('latin1').trim() : '';
  // Of `^HEAD`, which leaves a commit out, git gives `^<id>`.
  if (/^[0-9a-f]{40,64}$/.test(id)) return id;
  const shallow = runGit(top, ['rev-parse', '--is-shallow-repository']);
  const hint =
    shallow.ok && shallow.output.toString('latin1').trim() === 'true'
      ? 'this clone is shallow: fetch the history first (`fetch-depth: 0` in actions/checkout, `git fetch --unshallow`)'
      : 'fetch it first if it is a branch of a remote (`git fetch origin`), and name it as `origin/main`';
  return { found: false, why: 'unknown-revision', message: `git knows no commit "${revision}": ${hint}` };
}

function timeOf(top: string, commit: string): Date | undefined {
  const shown = runGit(top, ['show', '--no-patch', '--no-show-signature', '--format=%cI', commit]);
  const time = new Date(shown.ok ? shown.output.toString('latin1').trim() : '');
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function readCommit(top: string, commit: string, path: string, revision: string): RevisionResult {
  const tree = listTree(top, commit);
  if (!tree.has(path)) return { found: false, why: 'absent', commit, gone: goneInventories(top, commit) };
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-revision-')));
  try {
    checkOut(top, tree, path, folder);
    const { inventory, sound, findings } = loadInventory(join(folder, path));
    const named = (text: string): string => text.replaceAll(`${folder}${sep}`, `${revision}:`);
    const atRevision = (finding: Finding): Finding => ({
      ...finding,
      file: named(finding.file),
      message: named(finding.message),
      hint: named(finding.hint),
    });
    const committed = timeOf(top, commit);
    return {
      found: true,
      commit,
      ...(committed && { committed }),
      loaded: {
        ...(inventory ? { inventory } : sound && { sound }),
        findings: findings.map(atRevision),
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files of a commit that look like an inventory and are not in the working tree: one of these may have been moved. */
function goneInventories(top: string, commit: string): readonly string[] {
  const found = runGit(top, ['grep', '-l', '-z', '-E', '^environments:', commit, '--', '*.yaml', '*.yml']);
  // git gives 1 where nothing is found.
  if (!found.ok) return [];
  const paths = found.output.toString('utf8').split('\0').filter(Boolean);
  return paths.map((path) => path.slice(commit.length + 1)).filter((path) => !existsSync(join(top, path)));
}

/** A file's path from the repository's top, with `/`. Its folder's links are followed; the file itself may be a link in the commit. */
function pathIn(top: string, file: string): string {
  const folder = nearestFolder(file);
  const below = folder === dirname(file) ? basename(file) : relative(folder, file);
  return relative(top, join(realpathSync(folder), below))
    .split(sep)
    .join('/');
}

/** The folder of a file, or the nearest one above it that exists. */
function nearestFolder(file: string): string {
  let folder = dirname(file);
  for (;;) {
    try {
      realpathSync(folder);
      return folder;
    } catch {
      if (dirname(folder) === folder) return folder;
      folder = dirname(folder);
    }
  }
}
