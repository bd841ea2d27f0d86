import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Finding } from '../inventory/Finding';
import { loadInventory, type LoadedInventory } from '../inventory/loadInventory';
import { isGlob, matchesGlob } from '../inventory/reading/globs';
import { parseSource } from '../inventory/source/parseSource';

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
 * repository's top>`. The working tree stays as it is; a temporary folder is created and removed. Never throws.
 *
 * @param file the inventory's first file in the working tree; the file may be gone there
 * @param revision whatever `git rev-parse` takes for a commit: `main`, `HEAD~1`, `origin/main`, an id
 */
export function readRevision(file: string, revision: string): RevisionResult {
  try {
    const top = topOf(nearestFolder(resolve(file)));
    const commit = commitOf(top, revision);
    const tree = listTree(top, commit);
    const path = pathIn(top, resolve(file));
    if (!tree.has(path)) return { found: false, gone: goneInventories(top, commit) };
    const committed = new Date(answer(top, ['show', '--no-patch', '--no-show-signature', '--format=%cI', commit]));
    return {
      found: true,
      ...(Number.isNaN(committed.getTime()) ? {} : { committed }),
      loaded: loadFrom(top, tree, path, revision),
    };
  } catch (error) {
    return { found: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Loads an inventory from a commit: from a temporary folder with its files at their paths in the repository. */
function loadFrom(top: string, tree: Tree, path: string, revision: string) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-revision-')));
  try {
    checkOut(top, tree, path, folder);
    const { inventory, sound, findings } = loadInventory(join(folder, path));
    const named = (text: string): string => text.replaceAll(`${folder}${sep}`, `${revision}:`);
    return {
      ...(inventory ? { inventory } : sound && { sound }),
      findings: findings.map((finding): Finding => ({
        ...finding,
        file: named(finding.file),
        message: named(finding.message),
        hint: named(finding.hint),
      })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files of a commit, by their paths from the repository's top with `/`. Those of submodules are missing. */
type Tree = ReadonlyMap<string, { readonly path: string; readonly object: string; readonly isLink: boolean }>;

function listTree(top: string, commit: string): Tree {
  const lines = git(top, ['ls-tree', '-r', '-z', '--full-tree', commit]).toString('utf8').split('\0');
  return new Map(
    lines.flatMap((line) => {
      const [, mode, object = '', path] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return path === undefined ? [] : [[path, { path, object, isLink: mode === '120000' }] as const];
    }),
  );
}

/**
 * Writes the file `root` of a commit, and each file that an `include` may mean, into a folder. Leaves out a symbolic link that leads out of the
 * repository: its target is not in the commit.
 */
function checkOut(top: string, tree: Tree, root: string, folder: string): void {
  const written = new Set<string>();
  let wanted: readonly string[] = [root];
  while (wanted.length > 0) {
    const entries = [...new Set(wanted)].flatMap((path) => (written.has(path) ? [] : (tree.get(path) ?? [])));
    const contents = readBlobs(top, [...entries]);
    wanted = entries.flatMap(({ path, isLink }, index) => {
      const content = contents[index] ?? Buffer.alloc(0);
      const text = content.toString('utf8');
      written.add(path);
      const target = posix.normalize(posix.join(posix.dirname(path), text));
      if (isLink && (posix.isAbsolute(text) || target.split('/')[0] === '..')) return [];
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      if (isLink) symlinkSync(text, join(folder, path));
      else writeFileSync(join(folder, path), content);
      return isLink ? [target] : included(path, text, tree);
    });
  }
}

/** The contents of files, in their order. */
function readBlobs(top: string, entries: readonly { readonly path: string; readonly object: string }[]): Buffer[] {
  if (entries.length === 0) return [];
  let rest = git(top, ['cat-file', '--batch'], entries.map(({ object }) => `${object}\n`).join(''));
  return entries.map(({ path }) => {
    const end = rest.indexOf('\n');
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(rest.subarray(0, end).toString('latin1'))?.[1];
    // In a partial clone an object can be missing while the server cannot be reached.
    if (size === undefined) throw new Error(`git cat-file: ${path} is not in this clone`);
    const content = rest.subarray(end + 1, end + 1 + Number(size));
    rest = rest.subarray(end + 2 + Number(size));
    return content;
  });
}

/** The files of a commit that the `include` of a file may mean; loading decides which of them it does. */
function included(path: string, text: string, tree: Tree): string[] {
  const { include } = parseSource(text, path).source?.data ?? {};
  if (!Array.isArray(include)) return [];
  return include.flatMap((pattern: unknown) => {
    if (typeof pattern !== 'string') return [];
    const pieces = pattern.split('/');
    const firstGlob = pieces.findIndex(isGlob);
    if (firstGlob < 0) return [posix.join(posix.dirname(path), pattern)];
    const base = posix.join(posix.dirname(path), ...pieces.slice(0, firstGlob));
    const prefix = base === '.' ? '' : `${base}/`;
    const rest = pieces.slice(firstGlob).join('/');
    return [...tree.keys()].filter((one) => one.startsWith(prefix) && matchesGlob(rest, one.slice(prefix.length)));
  });
}

/** The top folder of the repository that has a folder. Throws when there is none. */
function topOf(folder: string): string {
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
function commitOf(top: string, revision: string): string {
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
  const paths = answer(top, ['grep', '-l', '-z', '-E', '^environments:', commit, '--', '*.yaml', '*.yml']).split('\0');
  return paths
    .filter(Boolean)
    .map((path) => path.slice(commit.length + 1))
    .filter((path) => !existsSync(join(top, path)));
}

/** A file's path from the repository's top, with `/`. Follows links of its folder; the file itself may be a link in the commit. */
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
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Variables of a hook or a wrapper that would make git read another repository than the folder's. */
const OTHER_REPOSITORY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
];
const LARGEST_OUTPUT = 512 * 1024 * 1024;

/** Runs git in a folder, without a shell; gives all that it prints. Throws when it fails, with the first line of its own message. */
function git(folder: string, args: readonly string[], input = ''): Buffer {
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  for (const name of OTHER_REPOSITORY) Reflect.deleteProperty(env, name);
  const options = { env, input, maxBuffer: LARGEST_OUTPUT };
  const { error, status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], options);
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new Error('git is not installed, or not in the PATH');
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Error(`git ${args[0] ?? ''} in ${folder}: ${stderr.toString().trim().split('\n')[0] ?? ''}`);
}

/** The text that git prints, without space around it; empty when git fails or has nothing to say. */
function answer(folder: string, args: readonly string[]): string {
  try {
    return git(folder, args).toString('utf8').trim();
  } catch {
    return '';
  }
}
