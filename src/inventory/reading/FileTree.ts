import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { mistake, type Mistake } from '../Finding';
import { MAX_FILE_BYTES, READING_RULES } from './readingRules';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The files that an inventory is read from: those of this machine, or those of a commit. No function throws. */
export interface FileTree {
  /** The absolute path without symbolic links; as far as the links lead to something. */
  readonly realPath: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** Files, links and folders of a folder; nothing where it is absent or cannot be read. */
  readonly entriesOf: (folder: string) => readonly FolderEntry[];
  /** The name of a file in findings. */
  readonly shownPath: (path: string) => string;
  /** The content as UTF-8 text, or the reason why there is none. */
  readonly readText: (path: string) => { readonly text: string } | Mistake;
  /** Says that these files are read next. */
  readonly expect: (paths: readonly string[]) => void;
  /** The folder that the `include` of a file at this real path must not leave, and the words for it. */
  readonly boundaryOf: (path: string) => { readonly folder: string; readonly name: string };
}

/** The files of this machine. */
export const DISK: FileTree = {
  realPath: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return resolve(path);
    }
  },
  exists: existsSync,
  entriesOf: (folder) => direntsOf(folder).flatMap((entry) => folderEntry(entry)),
  shownPath: (path) => {
    const below = relative(DISK.realPath('.'), path);
    return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below.replaceAll('\\', '/');
  },
  readText: (path) => {
    const shown = DISK.shownPath(path);
    try {
      // Before opening the file: opening a pipe would wait for a writer.
      const status = statSync(path);
      if (!status.isFile()) return notAFile(shown, status.isDirectory() ? 'a folder' : 'a device or a pipe');
      return status.size > MAX_FILE_BYTES ? tooLarge(shown, status.size) : textOf(readFileSync(path), shown);
    } catch (error) {
      return unreadable(path, shown, (error as NodeJS.ErrnoException).code ?? 'unknown');
    }
  },
  expect: () => undefined,
  boundaryOf: (path) => {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      // A folder, or the file of a linked worktree or submodule. Source: https://git-scm.com/docs/gitrepository-layout
      if (existsSync(join(folder, '.git'))) return { folder, name: `the repository ${folder}` };
      if (dirname(folder) === folder) return { folder: dirname(path), name: `the inventory's folder ${dirname(path)}` };
    }
  },
};

function direntsOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function folderEntry(entry: Dirent): readonly FolderEntry[] {
  if (entry.isDirectory()) return [{ name: entry.name, isFolder: true }];
  return entry.isFile() || entry.isSymbolicLink() ? [{ name: entry.name, isFolder: false }] : [];
}

/** The text of a file's bytes, or why it is none: more than 5 MiB, NUL bytes, not UTF-8. `shown` is the name of the file in messages. */
export function textOf(bytes: Buffer, shown: string): { readonly text: string } | Mistake {
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(shown, bytes.length);
  const hint = 'Save the inventory as UTF-8 text.';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return mistake(READING_RULES.notText, `${shown} is not text: byte ${nul + 1} is NUL`, hint);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return mistake(READING_RULES.notText, `${shown} is not UTF-8 text`, hint);
  }
}

/** The mistake of naming something else than a file. */
export function notAFile(shown: string, kind: string): Mistake {
  return mistake(READING_RULES.notAFile, `${shown} is ${kind}, not a file`, 'Name the YAML file itself.');
}

function tooLarge(shown: string, size: number): Mistake {
  const bytes = (count: number): string => count.toLocaleString('en');
  return mistake(
    READING_RULES.tooLarge,
    `${shown} has ${bytes(size)} bytes; ${bytes(MAX_FILE_BYTES)} are allowed`,
    'Split it into several files, and name them under `include`.',
  );
}

function unreadable(path: string, shown: string, code: string): Mistake {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return mistake(
      READING_RULES.notFound,
      `there is no file ${resolve(path)}`,
      'Create the file, go to its folder, or name another file with `--inventory PATH` or the environment variable PODLIFT_INVENTORY.',
    );
  return mistake(READING_RULES.unreadable, `${shown} cannot be read: ${code}`, 'Check its permissions and its links.');
}
