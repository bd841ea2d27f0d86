import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/** A link, a file of another user, or something that is no folder, stands where podlift keeps its own files. The message says how to fix it. */
export class UnsafePath extends Error {
  override readonly name = 'UnsafePath';
}

/**
 * Creates the folders `names`, each in the one before, below the folder `base`, for their owner alone (0700). podlift's folders are in projects,
 * and whoever commits to a project can commit symbolic links: throws `UnsafePath` for a link in place of a folder and for a folder of another
 * user, and what the system says.
 */
export function privateFolder(base: string, ...names: readonly string[]): string {
  let folder = base;
  for (const name of names) {
    folder = join(folder, name);
    const status = lstatSync(folder, { throwIfNoEntry: false });
    if (status === undefined) mkdirSync(folder, { mode: 0o700 });
    else if (!status.isDirectory()) throw unsafe(folder, status.isSymbolicLink() ? 'a symbolic link' : 'not a folder');
    refuseOthers(folder);
    // The umask, or an earlier version of podlift, may have left other bits.
    chmodSync(folder, 0o700);
  }
  return folder;
}

/**
 * Makes everything below a folder readable for its owner alone. Throws `UnsafePath` for a symbolic link or a hard link, since a tool would write
 * through it, and for what belongs to another user.
 *
 * @param replaced the name of an entry that is removed before it is used, and is not looked at
 */
export function secureContents(folder: string, replaced?: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === replaced) continue;
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) throw unsafe(path, 'a symbolic link');
    if (entry.isDirectory()) secureContents(path);
    const { mode, nlink } = lstatSync(path);
    if (entry.isFile() && nlink > 1) throw unsafe(path, 'a file with a second name (a hard link)');
    refuseOthers(path);
    // Terraform runs the providers of its data folder: they keep the right to be run.
    chmodSync(path, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o700 : 0o600);
  }
}

/** Writes a file that its owner alone can read (0600), in one step. Throws `UnsafePath` for a symbolic link, and what the system says. */
export function writePrivateFile(file: string, text: string): void {
  refuseLink(file);
  const temporary = `${file}.new.${randomBytes(6).toString('hex')}`;
  try {
    // `wx` follows no link: the file must not exist.
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    // The umask can take rights from the owner too.
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The text of a file that podlift wrote. Throws `UnsafePath` for a symbolic link, and what the system says. */
export function readPrivateFile(file: string): string {
  refuseLink(file);
  // Windows has no such flag.
  const { O_NOFOLLOW = 0 } = constants as Partial<typeof constants>;
  const descriptor = openSync(file, constants.O_RDONLY | O_NOFOLLOW);
  try {
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function refuseLink(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile())
    throw unsafe(file, status.isSymbolicLink() ? 'a symbolic link' : 'not a file');
}

/** The owner of a folder or a file can read it whatever its mode is. Root may change the mode of what belongs to others. */
function refuseOthers(path: string): void {
  if (process.getuid !== undefined && lstatSync(path).uid !== process.getuid())
    throw unsafe(path, 'owned by another user');
}

function unsafe(path: string, what: string): UnsafePath {
  const near = relative('.', path);
  const shown = near.startsWith('..') ? path : near;
  return new UnsafePath(`${shown} is ${what}, and podlift keeps its own files there: delete it`);
}
