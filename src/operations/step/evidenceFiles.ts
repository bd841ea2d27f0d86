import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of a step's evidence by their names; the document is the last one. */
export type EvidenceTexts = ReadonlyMap<string, string>;

/** Files that were written, and how they are removed again; or why there are none. */
export type WrittenEvidence =
  | { readonly files: readonly string[]; readonly remove: () => void }
  | { readonly problem: { readonly message: string; readonly hint: string } };

/**
 * Writes the evidence of a step into a folder, which is created where it is missing. The files can be read by their owner alone, as a saved Estate. A
 * file that exists is never replaced, and no symbolic link is followed. Where one file cannot be written, none stays. Never throws.
 */
export function writeEvidence(folder: string, texts: EvidenceTexts): WrittenEvidence {
  const files: string[] = [];
  const remove = (): void => {
    for (const file of files) rmSync(file, { force: true });
  };
  let at = folder;
  try {
    createFolder(folder);
    for (const [name, text] of texts) {
      at = join(folder, name);
      // `wx` fails for a file, and for a link, whatever it leads to.
      const descriptor = openSync(at, 'wx', 0o600);
      files.push(at);
      try {
        fchmodSync(descriptor, 0o600);
        writeFileSync(descriptor, text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    }
    return { files, remove };
  } catch (error) {
    remove();
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && at !== folder)
      return {
        problem: {
          message: `${at} exists already`,
          hint: 'A step of this wave wrote it, or was stopped before it wrote the stage. If the inventory does not have the stage of this file, delete the file. Then run the command again.',
        },
      };
    return {
      problem: {
        message: `the evidence cannot be written: ${at}: ${REASONS[code] ?? message}`,
        hint: 'The inventory is unchanged. Fix the error, or name another folder with --evidence FOLDER.',
      },
    };
  }
}

/**
 * Creates a folder and those above it that are missing. With `recursive`, Node never returns where the system says ENOENT for a folder whose parent exists, as
 * in /proc (seen with Node 20).
 */
function createFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(folder), { code: 'EEXIST' });
    return;
  }
  createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process created it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The errors of a disk in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied (EACCES)',
  ENOENT: 'the folder cannot be created there (ENOENT)',
  EPERM: 'not permitted (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'no space left on the disk (ENOSPC)',
  EEXIST: 'this is a file, not a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
};
