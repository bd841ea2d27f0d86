import { resolve } from 'node:path';
import { shellWord } from '../../estate/shellWord';
import { lockInventory, type Held, type Lock } from './lockInventory';
import { changedSince, type ReadInventory } from './readForEdit';
import { removeLeftovers } from './removeLeftovers';
import { writeWhole } from './writeWhole';

/** What came of saving. `message` says why nothing was written, `hint` what to do. */
export type SaveResult =
  | { readonly saved: true }
  | {
      readonly saved: false;
      readonly why: 'held' | 'changed' | 'failed';
      readonly message: string;
      readonly hint: string;
    };

/**
 * Writes the new text of one of an inventory's files, as findings name it: under the inventory's lock, only when every file of the inventory is
 * still as it was read, and in one step (see `writeWhole`). Never throws for what the file system says.
 */
export function saveEdit(read: ReadInventory, file: string, text: string): SaveResult {
  let lock: Lock | Held;
  try {
    lock = lockInventory(read.root);
  } catch (error) {
    return failed(`the lock file beside ${read.root} cannot be made`, error);
  }
  if (!('release' in lock)) return held(lock);
  try {
    for (const place of new Set([read.root, resolve(file)])) removeLeftovers(place);
    const changed = changedSince(read);
    if (changed.length > 0) return changedMeanwhile(changed);
    writeWhole(resolve(file), text);
    return { saved: true };
  } catch (error) {
    if (isReadOnly(error)) return readOnly(file);
    return failed(`${file} cannot be written`, error);
  } finally {
    releaseQuietly(lock);
  }
}

/** The outcome is known already; a lock that cannot be removed is one of a process that will be gone. */
function releaseQuietly(lock: Lock): void {
  try {
    lock.release();
  } catch {
    return;
  }
}

function held({ file, holder }: Held): SaveResult {
  if (!holder) {
    return {
      saved: false,
      why: 'held',
      message: `${file} is there and does not say who holds it`,
      hint: `When no podlift runs on this inventory, remove ${file}.`,
    };
  }
  const { user, pid, host, since } = holder;
  return {
    saved: false,
    why: 'held',
    message: `another podlift is changing the inventory: process ${pid} of ${user} on ${host}, since ${since}`,
    hint: `Wait for it to end and run the command again. When it does not run any more on ${host}, remove ${file}.`,
  };
}

function changedMeanwhile(files: readonly string[]): SaveResult {
  return {
    saved: false,
    why: 'changed',
    message: `${files.join(', ')} changed while this command ran`,
    hint: 'Run the command again: it looks at the inventory as it stands now.',
  };
}

function failed(what: string, error: unknown): SaveResult {
  const { code, message } = error as NodeJS.ErrnoException;
  return {
    saved: false,
    why: 'failed',
    message: `${what}: ${REASONS[code ?? ''] ?? message}`,
    hint: 'The inventory is unchanged. Fix this and run the command again.',
  };
}

/** `writeWhole` asks whether the file may be written before it writes beside it. */
function isReadOnly(error: unknown): boolean {
  const { syscall, code } = error as NodeJS.ErrnoException;
  return syscall === 'access' && (code === 'EACCES' || code === 'EPERM');
}

function readOnly(file: string): SaveResult {
  return {
    saved: false,
    why: 'failed',
    message: `${file} cannot be written: it is read-only`,
    hint: `The inventory is as it was. Make the file writable, then run the command again:\nchmod u+w ${shellWord(file)}`,
  };
}

/** What people call the errors that a disk gives. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied (EACCES): its folder must be writable too',
  EPERM: 'not permitted (EPERM): its folder must be writable too',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'no space left on the disk (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EIO: 'the disk reports an error (EIO)',
  ENOENT: 'it, or its folder, is not there (ENOENT)',
};
