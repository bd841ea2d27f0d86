import { resolve } from 'node:path';
import { shellWord } from '../../estate/shellWord';
import { type Held, type Lock, lockInventory, removeLeftovers } from './lockInventory';
import { changedSince, type ReadInventory } from './readForEdit';
import { writeWhole } from './writeWhole';

/** The result of saving. `message` says what is wrong when nothing was written, `hint` how to fix it. */
export type SaveResult = { readonly saved: true } | NotSaved;

interface NotSaved {
  readonly saved: false;
  readonly reason: 'held' | 'changed' | 'failed';
  readonly message: string;
  readonly hint: string;
}

/**
 * Writes the new text of one of an inventory's files, as findings name it: under the inventory's lock, only when each file of the inventory
 * is still as it was read, and in one step (see `writeWhole`). Never throws for an error of the file system.
 */
export function saveEdit(read: ReadInventory, file: string, text: string): SaveResult {
  let lock: Lock | Held;
  try {
    lock = lockInventory(read.root);
  } catch (error) {
    return failed(`the lock file beside ${read.root} cannot be created`, error);
  }
  if (!('release' in lock)) return held(lock);
  try {
    for (const path of new Set([read.root, resolve(file)])) removeLeftovers(path);
    const changed = changedSince(read);
    if (changed.length > 0) {
      return {
        saved: false,
        reason: 'changed',
        message: `${changed.join(', ')} changed while this command ran`,
        hint: 'Run the command again: it reads the inventory as it is now.',
      };
    }
    writeWhole(resolve(file), text);
    return { saved: true };
  } catch (error) {
    return isReadOnly(error) ? readOnly(file) : failed(`${file} cannot be written`, error);
  } finally {
    lock.release();
  }
}

function held({ file, holder }: Held): NotSaved {
  const remove = `rm ${shellWord(file)}`;
  return {
    saved: false,
    reason: 'held',
    ...(holder === undefined
      ? {
          message: `the lock file ${file} exists and does not name a process`,
          hint: `If no podlift changes this inventory now, delete the lock file:\n${remove}`,
        }
      : {
          message: `another podlift is changing the inventory: process ${holder.pid} on ${holder.host}, since ${holder.since}`,
          hint: `Wait until it ends, then run the command again. If it no longer runs on ${holder.host}, delete the lock file:\n${remove}`,
        }),
  };
}

function failed(what: string, error: unknown): NotSaved {
  const { code, message } = error as NodeJS.ErrnoException;
  return {
    saved: false,
    reason: 'failed',
    message: `${what}: ${REASONS[code ?? ''] ?? message}`,
    hint: 'The inventory is unchanged. Fix the error and run the command again.',
  };
}

/** True for the answer of `writeWhole` when the file itself is read-only: it asks before it writes beside the file. */
function isReadOnly(error: unknown): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === 'access' && (code === 'EACCES' || code === 'EPERM');
}

function readOnly(file: string): NotSaved {
  return {
    saved: false,
    reason: 'failed',
    message: `${file} cannot be written: it is read-only`,
    hint: `The inventory is unchanged. Make the file writable, then run the command again:\nchmod u+w ${shellWord(file)}`,
  };
}

/** The errors of a disk in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied (EACCES): its folder must be writable too',
  EPERM: 'not permitted (EPERM): its folder must be writable too',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'no space left on the disk (ENOSPC)',
  EDQUOT: 'the disk quota is exceeded (EDQUOT)',
  EIO: 'the disk reports an error (EIO)',
  ENOENT: 'the file or its folder does not exist (ENOENT)',
};
