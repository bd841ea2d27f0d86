import { linkSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makerOf, temporaryName } from './writeWhole';

/** The process that holds a lock, as the lock file has it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** See `startOf`. */
  readonly started?: string;
}

/** A lock that is held until it is released. */
export interface Lock {
  readonly release: () => void;
}

/** Another process has the lock `file`; `holder` is absent when the file does not name one. */
export interface HeldLock {
  readonly file: string;
  readonly holder?: LockHolder;
}

/** The lock of an inventory: `.inventory.yaml.podlift-lock` beside it. */
export function lockFile(inventory: string): string {
  return join(dirname(inventory), `.${basename(inventory)}.podlift-lock`);
}

/**
 * Takes the lock of an inventory, by the real path of its first file. Removes a lock whose process on this host is gone, never the lock of
 * another host. Does not wait. Throws when no lock file can be created.
 */
export function lockInventory(inventory: string): Lock | HeldLock {
  return takeLock(lockFile(inventory));
}

/** Each further attempt means that another process took or released the lock in between. */
const ATTEMPTS = 20;

function takeLock(file: string): Lock | HeldLock {
  const own = `${JSON.stringify(thisProcess())}\n`;
  const release = () => {
    removeLock(file, own);
  };
  let holder: LockHolder | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (createWhole(file, own)) return { release };
    const found = textOf(file);
    if (found === undefined) continue;
    holder = holderIn(found);
    if (holder === undefined || !isGone(holder)) break;
    // Without a lock for the removal, one of two processes could remove the new lock of the other.
    const removal = takeLock(`${file}.removal`);
    if (!('release' in removal)) return removal;
    removeLock(file, found);
    removal.release();
  }
  return { file, ...(holder && { holder }) };
}

/** Creates a lock file together with its content; false when the file exists. */
function createWhole(file: string, text: string): boolean {
  const temporary = temporaryName(file);
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    try {
      linkSync(temporary, file);
    } catch (error) {
      if (!NO_HARD_LINKS.has(codeOf(error))) throw error;
      // A process that is killed in the middle of this leaves a lock file that names no holder.
      writeFileSync(file, text, { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

const NO_HARD_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Removes a lock file that still has this content. A file that cannot be removed stays: once its process is gone, it is stale. */
function removeLock(file: string, text: string): void {
  try {
    if (textOf(file) === text) rmSync(file);
  } catch {
    return;
  }
}

/** The content of a lock file; undefined when there is no file, empty when it cannot be read, also for a symbolic link. */
function textOf(file: string): string | undefined {
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : '';
  }
}

function holderIn(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder> | null;
    return typeof holder?.pid === 'number' && typeof holder.host === 'string' ? (holder as LockHolder) : undefined;
  } catch {
    return undefined;
  }
}

function thisProcess(): LockHolder {
  const started = startOf(process.pid);
  const since = new Date().toISOString();
  return { pid: process.pid, host: hostname(), since, ...(started !== undefined && { started }) };
}

/** True when the holder ran on this host and ended; also when a later process has its number. */
function isGone({ host, pid, started }: LockHolder): boolean {
  if (host !== hostname()) return false;
  return !isRunning(pid) || (started !== undefined && startOf(pid) !== started);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * When a process began, and in which boot: no two processes with the same number have the same. Undefined without `/proc`.
 * Source: proc_pid_stat(5), field 22; the name in field 2 may contain spaces and brackets.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

/**
 * Removes the temporary files that killed processes of this host left beside a file. Call it while the inventory's lock is held and nothing
 * is being written. A file that cannot be removed stays: it does no harm.
 */
export function removeLeftovers(file: string): void {
  try {
    for (const name of readdirSync(dirname(file))) {
      const maker = name.replace(/^\.+/, '').startsWith(`${basename(file)}.`) ? makerOf(name) : undefined;
      // This process writes nothing now: a name with its number is of an earlier process.
      if (maker === process.pid || (maker !== undefined && !isRunning(maker))) rmSync(join(dirname(file), name));
    }
  } catch {
    return;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
