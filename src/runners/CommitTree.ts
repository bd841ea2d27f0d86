import { posix, sep } from 'node:path';
import { mistake, type Mistake } from '../inventory/Finding';
import { type FileTree, notAFile, textOf } from '../inventory/reading/FileTree';
import { READING_RULES } from '../inventory/reading/readingRules';
import { git } from './git';

/** An entry of a commit that is no folder. */
interface Entry {
  readonly object: string;
  readonly kind: 'file' | 'link' | 'submodule';
}

/** The files of a commit by their paths from the repository's top, with `/`. */
export type CommitEntries = ReadonlyMap<string, Entry>;

/** The entries of a commit. Throws for a commit with an entry that git itself does not check out. */
export function entriesOf(top: string, commit: string, revision: string): CommitEntries {
  // As bytes: two names that are no UTF-8 can be different and look the same.
  const lines = git(top, ['ls-tree', '-r', '-z', '--full-tree', commit]).toString('latin1').split('\0');
  const entries = new Map<string, Entry>();
  const raw = new Set<string>();
  for (const line of lines.slice(0, -1)) {
    const [, mode = '', type = '', object = '', bytes = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    const path = Buffer.from(bytes, 'latin1').toString('utf8');
    const problem = raw.has(bytes) ? 'it occurs twice' : wrongPath(path);
    if (problem !== undefined)
      throw new Error(`${revision} has an entry that git does not check out, ${JSON.stringify(path)}: ${problem}`);
    raw.add(bytes);
    entries.set(path, { object, kind: type === 'commit' ? 'submodule' : mode === '120000' ? 'link' : 'file' });
  }
  for (const path of entries.keys()) {
    const both = aboveOf(path).find((folder) => entries.has(folder));
    if (both !== undefined)
      throw new Error(
        `${revision} has an entry that git does not check out, ${JSON.stringify(both)}: it is a file and a folder`,
      );
  }
  return entries;
}

/** The folders above a path. */
function aboveOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Characters that HFS+ ignores in a name. Source: git utf8.c, `next_hfs_char` */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * What is wrong with a path of a commit: names that leave the folder, or are git's own folder on some file system. NTFS ignores dots and
 * blanks at the end of a name, and takes `git~1` for `.git`, `\` for a separator and what follows `:` for a stream.
 * Source: git read-cache.c `verify_path`, path.c `is_ntfs_dotgit`, utf8.c `is_hfs_dotgit`, fsck.c `fsck_tree`
 */
export function wrongPath(path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z]:[\\/]/i.test(path)) return 'its path is absolute';
  for (const name of path.split('/')) {
    if (name === '') return 'a name in it is empty';
    for (const piece of name.split('\\')) {
      const seen = piece.replace(IGNORED_BY_HFS, '').toLowerCase();
      const [stem = ''] = seen.split(':');
      if (/^\.\.? *$/.test(stem)) return `"${seen}" is not the name of a file`;
      if (/^(\.git|git~1)[. ]*$/.test(stem)) return `${JSON.stringify(name)} is git's own folder`;
    }
  }
  return undefined;
}

/** As many links as Linux follows. Source: https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const MOST_LINKS = 40;

/**
 * The files of a commit. Paths are absolute: `/` is the repository's top. Symbolic links are followed inside the commit only. Nothing is
 * written to this disk. Reading throws when an object is not in this clone.
 */
export function commitTree(top: string, entries: CommitEntries, revision: string): FileTree {
  const contents = new Map<string, Buffer>();
  const folders = new Map<string, Map<string, boolean>>([['', new Map()]]);
  for (const path of entries.keys()) {
    for (const folder of [...aboveOf(path), path]) {
      const above = folder.includes('/') ? posix.dirname(folder) : '';
      const inside = folders.get(above) ?? new Map<string, boolean>();
      folders.set(above, inside.set(posix.basename(folder), folder !== path));
    }
  }

  const read = (paths: readonly string[]): void => {
    const wanted = paths.flatMap((path) => {
      const entry = entries.get(path);
      return entry === undefined || entry.kind === 'submodule' || contents.has(path) ? [] : [{ path, ...entry }];
    });
    readBlobs(top, wanted, revision).forEach((content, index) => contents.set(wanted[index]?.path ?? '', content));
  };
  const contentOf = (path: string): Buffer => {
    read([path]);
    return contents.get(path) ?? Buffer.alloc(0);
  };

  /** Follows the links of a path; without a problem the path is in the commit, or nothing is there. */
  const follow = (path: string): { readonly path: string; readonly problem?: Mistake } => {
    let rest = fromTop(path).split('/').filter(Boolean);
    let done = '';
    for (let links = 0; rest.length > 0;) {
      const [name = '', ...after] = rest;
      rest = after;
      done = done === '' ? name : `${done}/${name}`;
      if (entries.get(done)?.kind !== 'link') continue;
      const shown = `${revision}:${done}`;
      links += 1;
      if (links > MOST_LINKS) return { path: done, problem: badLink(`${shown} is in a cycle of symbolic links`) };
      const target = contentOf(done).toString('utf8');
      const next = posix.normalize(posix.join(posix.dirname(done), target));
      if (posix.isAbsolute(target) || target.includes('\\') || next.split('/')[0] === '..') {
        const where = `${shown} is a symbolic link to ${target}, which is outside the commit`;
        return { path: done, problem: badLink(where) };
      }
      rest = [...next.split('/').filter((piece) => piece !== '.' && piece !== ''), ...rest];
      done = '';
    }
    return { path: done };
  };

  return {
    realPath: (path) => `/${follow(path).path}`,
    exists: (path) => {
      const found = follow(path);
      return found.problem !== undefined || entries.has(found.path) || folders.has(found.path);
    },
    entriesOf: (path) => [...(folders.get(follow(path).path) ?? [])].map(([name, isFolder]) => ({ name, isFolder })),
    shownPath: (path) => `${revision}:${fromTop(path)}`,
    readText: (path) => {
      const found = follow(path);
      const shown = `${revision}:${found.path}`;
      if (found.problem !== undefined) return found.problem;
      const kind = entries.get(found.path)?.kind;
      if (kind === 'submodule' || folders.has(found.path)) return notAFile(shown, 'a folder');
      if (kind === undefined) return mistake(READING_RULES.notFound, `there is no file ${shown}`, 'Correct the link.');
      return textOf(contentOf(found.path), shown);
    },
    expect: (paths) => {
      read(paths.map(fromTop));
    },
    // The whole commit: what is outside does not exist here.
    boundaryOf: () => ({ folder: sep, name: `the commit ${revision}` }),
  };
}

function badLink(message: string): Mistake {
  return mistake(READING_RULES.commitLink, message, 'Commit the file itself, or a link to a file of the repository.');
}

/** A path from the repository's top, with `/`. */
function fromTop(path: string): string {
  return posix.normalize(path.replaceAll(sep, '/')).replace(/^\/+|\/+$/g, '');
}

/** The contents of files, in their order. */
function readBlobs(
  top: string,
  entries: readonly { readonly path: string; readonly object: string }[],
  revision: string,
): readonly Buffer[] {
  if (entries.length === 0) return [];
  let rest = git(top, ['cat-file', '--batch'], entries.map(({ object }) => `${object}\n`).join(''));
  return entries.map(({ path }) => {
    const end = rest.indexOf('\n');
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(rest.subarray(0, end).toString('latin1'))?.[1];
    if (size === undefined) throw new Error(notInClone(path, revision));
    const content = rest.subarray(end + 1, end + 1 + Number(size));
    rest = rest.subarray(end + 2 + Number(size));
    return content;
  });
}

/** In a partial clone a file can be missing; podlift does not fetch, since a fetch runs commands of `.git/config`. */
function notInClone(path: string, revision: string): string {
  return `${path} of ${revision} is not in this clone, which is partial: fetch it first (clone without --filter)`;
}
