import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { temporaryName } from './temporaryFiles';

/**
 * Replaces a file's content in one step: whoever reads it, and whatever ends this process, finds the old content or the new one, whole.
 * The file behind symbolic links is replaced; it keeps its mode, and its owner and group where that is permitted. Its other hard links keep the
 * old content. A file that is read-only is refused, though its folder would let it be replaced. Throws what the system says (`ErrnoException`); the file is as it was then, and nothing is left beside it.
 */
export function writeWhole(path: string, text: string): void {
  const file = realpathSync(path);
  const { mode, uid, gid } = statSync(file);
  refuseReadOnly(file, mode);
  const temporary = temporaryName(file);
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      // The owner first: changing it takes set-user-ID and set-group-ID away.
      keepOwner(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

function keepOwner(descriptor: number, uid: number, gid: number): void {
  const own = fstatSync(descriptor);
  if (own.uid === uid && own.gid === gid) return;
  // Only root may give files away; whoever may write the folder owns the new file then, as with any editor. The group may be one of theirs.
  for (const owner of [uid, own.uid]) {
    try {
      fchownSync(descriptor, owner, gid);
      return;
    } catch {
      continue;
    }
  }
}

/** To root, the system gives way: a file that nobody may write is meant to stay as it is nevertheless. */
function refuseReadOnly(file: string, mode: number): void {
  accessSync(file, constants.W_OK);
  if ((mode & 0o222) !== 0) return;
  throw Object.assign(new Error(`EACCES: permission denied, access '${file}'`), { code: 'EACCES', syscall: 'access' });
}

/** Makes the rename survive a power failure. Some systems have no folders that can be opened; the content is whole there too. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch {
    return;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
