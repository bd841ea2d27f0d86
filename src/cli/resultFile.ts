import { existsSync, readFileSync } from 'node:fs';
import { refuseUnwritable, writePrivate } from '../operations/inventoryFile/writeWhole';
import { UsageError } from './exit';

// Files that an option names, and that podlift writes for people: a saved Estate, a report. Each is private to its owner: it has names of accounts and roles.

/**
 * Asked before anything is read: reading can take minutes. Another file than one that podlift wrote is not replaced. Throws `UsageError`.
 *
 * @param known how such a file begins
 * @param kind what such a file is, with its article
 */
export function refuseOther(option: string, file: string, known: RegExp, kind: string): void {
  let before: string;
  try {
    refuseUnwritable(file);
    before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    throw cannotWrite(option, file, error);
  }
  if (before.trim() !== '' && !known.test(before))
    throw new UsageError(`${option} ${file}: this file exists and is not ${kind}. Name another one.`);
}

/**
 * Writes the file in one step. Throws `UsageError` with what the system says.
 *
 * @param write default: its owner alone can read it
 */
export function writeResult(option: string, file: string, text: string, write = writePrivate): void {
  try {
    write(file, text);
  } catch (error) {
    throw cannotWrite(option, file, error);
  }
}

function cannotWrite(option: string, file: string, error: unknown): UsageError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist',
    ENOTDIR: 'its folder does not exist',
    EISDIR: 'this is a folder, a device or a pipe, not a file',
    ELOOP: 'this is a symbolic link. Name the file itself',
    EACCES: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left on the disk',
  };
  return new UsageError(`${option} ${file}: ${reasons[code] ?? message}. Nothing is saved.`);
}
