import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The name of a temporary file of this process that is to become `file`: `.inventory.yaml.podlift-new.<host>.<pid>.<random>` beside it. */
export function temporaryName(file: string): string {
  const random = randomBytes(6).toString('hex');
  return join(dirname(file), `.${basename(file)}.podlift-new.${HOST}.${process.pid}.${random}`);
}

/** The number of the process of this host that wrote a temporary file of this name; undefined for all other names. */
export function makerOf(name: string): number | undefined {
  const [, host, pid] = /\.podlift-new\.(.+)\.(\d+)\.[0-9a-f]+$/.exec(name) ?? [];
  return host === HOST ? Number(pid) : undefined;
}

const HOST = encodeURIComponent(hostname());

/**
 * Replaces a file's content in one step: a reader, also after this process was killed, finds the old content or the new one, whole.
 * Follows symbolic links to the file itself. The file keeps its mode, and its owner and group where that is permitted; its other hard
 * links keep the old content. Throws what the system says (`ErrnoException`), also for a read-only file in a folder that can be written; the
 * file is unchanged then, and nothing is left beside it.
 */
export function writeWhole(path: string, text: string): void {
  const file = realpathSync(path);
  const { mode, uid, gid } = statSync(file);
  refuseReadOnly(file, mode);
  replace(file, text, (descriptor) => {
    // The owner first: a change of the owner clears the set-user-ID and set-group-ID bits.
    keepOwner(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
  });
}

/**
 * Writes a file that its owner alone can read, in one step as `writeWhole` does; there may be none yet. Follows no symbolic link. Throws what
 * the system says (`ErrnoException`).
 */
export function writePrivate(path: string, text: string): void {
  writeWithMode(path, text, 0o600);
}

/** Writes a file as `writePrivate` does, which everybody can read: a program of another user is its reader. */
export function writeReadable(path: string, text: string): void {
  writeWithMode(path, text, 0o644);
}

function writeWithMode(path: string, text: string, mode: number): void {
  refuseUnwritable(path);
  replace(path, text, (descriptor) => {
    fchmodSync(descriptor, mode);
  });
}

/** Throws what the system says where `writePrivate` could not write: `ELOOP` for a symbolic link, `EISDIR` for everything else that is no file. */
export function refuseUnwritable(path: string): void {
  accessSync(dirname(path), constants.W_OK);
  const status = lstatSync(path, { throwIfNoEntry: false });
  // A link in a project can lead to any file of the person who runs podlift.
  if (status?.isSymbolicLink() === true)
    throw Object.assign(new Error(`ELOOP: a symbolic link, access '${path}'`), { code: 'ELOOP' });
  if (status === undefined) return;
  if (!status.isFile()) throw Object.assign(new Error(`EISDIR: not a file, access '${path}'`), { code: 'EISDIR' });
  refuseReadOnly(path, status.mode);
}

function replace(file: string, text: string, prepare: (descriptor: number) => void): void {
  const temporary = temporaryName(file);
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      prepare(descriptor);
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
  // Only root may change the owner. With any other user, the new file belongs to that user, as with any editor; the group can often be kept.
  for (const owner of [uid, own.uid]) {
    try {
      fchownSync(descriptor, owner, gid);
      return;
    } catch {
      continue;
    }
  }
}

/** The system lets root write a file of mode 0444; podlift does not. */
function refuseReadOnly(file: string, mode: number): void {
  accessSync(file, constants.W_OK);
  if ((mode & 0o222) !== 0) return;
  throw Object.assign(new Error(`EACCES: permission denied, access '${file}'`), { code: 'EACCES', syscall: 'access' });
}

/** Makes the rename survive a power failure. Some systems cannot open a folder; the content is whole there too. */
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
