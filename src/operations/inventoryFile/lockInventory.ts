import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isRunning, processMark } from './isRunning';
import { temporaryName } from './temporaryFiles';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly user: string;
  /** ISO 8601. */
  readonly since: string;
  /** Unlike that of any other lock. */
  readonly nonce: string;
  /** See `processMark`. */
  readonly mark?: string;
}

/** A lock that is held until it is released. */
export interface Lock {
  readonly release: () => void;
}

/** Somebody else has the lock; `holder` is absent when the lock file cannot be read. */
export interface Held {
  readonly file: string;
  readonly holder?: LockHolder;
}

/** The lock of an inventory: `.inventory.yaml.podlift-lock` beside it. */
export function lockFile(inventory: string): string {
  return join(dirname(inventory), `.${basename(inventory)}.podlift-lock`);
}

/** How many processes in a row may have been ended while they took a lock over. */
const DEEPEST = 4;
const ATTEMPTS = 20;

/**
 * Takes the lock of an inventory, by the real path of its first file. A lock whose process on this host is gone is taken over; of
 * several who try, one gets it. A lock of another host is never taken over. Does not wait. Throws when no lock file can be made.
 */
export function lockInventory(inventory: string): Lock | Held {
  return take(lockFile(inventory), DEEPEST);
}

/**
 * A lock file comes into being with its content, by a hard link, and is replaced, never removed, when it is taken over. To replace one,
 * a process needs a lock of its own that is named after the nonce of the old one: nobody who still has the old one in mind can
 * take away a new one.
 */
function take(file: string, depth: number): Lock | Held {
  const own = describe();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (createWhole(file, own)) return lockOf(file, own);
    const holder = readHolder(file);
    if (holder === 'gone') continue;
    if (holder === undefined || !isGone(holder) || depth === 0) return { file, ...(holder && { holder }) };
    const taking = take(`${file}.${holder.nonce}`, depth - 1);
    if (!('release' in taking)) return { file, holder: taking.holder ?? holder };
    try {
      const now = readHolder(file);
      if (now !== 'gone' && now?.nonce === holder.nonce) {
        replaceWhole(file, own);
        return lockOf(file, own);
      }
    } finally {
      taking.release();
    }
  }
  return { file };
}

function lockOf(file: string, own: LockHolder): Lock {
  return {
    release: () => {
      release(file, own);
    },
  };
}

function describe(): LockHolder {
  const mark = processMark(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    user: userName(),
    since: new Date().toISOString(),
    nonce: randomBytes(8).toString('hex'),
    ...(mark !== undefined && { mark }),
  };
}

/** A user id without a name, as in many containers, has none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function isGone({ host, pid, mark }: LockHolder): boolean {
  if (host !== hostname()) return false;
  return !isRunning(pid) || (mark !== undefined && processMark(pid) !== mark);
}

/** True for a lock file whose process on this host is gone. */
export function isAbandoned(file: string): boolean {
  const holder = readHolder(file);
  return holder !== undefined && holder !== 'gone' && isGone(holder);
}

/** Creates the lock file with its content; false when there is one. */
function createWhole(file: string, own: LockHolder): boolean {
  const temporary = temporaryName(file);
  try {
    writeFileSync(temporary, text(own), { flag: 'wx', mode: 0o644 });
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    return createDirectly(file, own);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Where the file system has no hard links. A process that is ended in between leaves a lock without a holder: see `readHolder`. */
function createDirectly(file: string, own: LockHolder): boolean {
  try {
    writeFileSync(file, text(own), { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function replaceWhole(file: string, own: LockHolder): void {
  const temporary = temporaryName(file);
  writeFileSync(temporary, text(own), { flag: 'wx', mode: 0o644 });
  renameSync(temporary, file);
}

function text(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** Who holds a lock; undefined when its file says nothing that can be read. */
function readHolder(file: string): LockHolder | 'gone' | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
  try {
    const holder = JSON.parse(content) as Partial<LockHolder> | null;
    return typeof holder?.pid === 'number' && /^[0-9a-f]+$/.test(holder.nonce ?? '')
      ? (holder as LockHolder)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Nobody takes over the lock of a process that runs, so that what is there is its own. */
function release(file: string, own: LockHolder): void {
  const holder = readHolder(file);
  if (holder === undefined || holder === 'gone' || holder.nonce !== own.nonce) return;
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
