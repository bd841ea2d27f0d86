import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathWord } from '../../inventory/shellWord';
import { checkSources, type LoadedInventory } from '../../inventory/loadInventory';
import { DISK } from '../../inventory/reading/FileTree';
import { readSources, type ReadSources } from '../../inventory/reading/readSources';
import { parseSource } from '../../inventory/source/parseSource';
import { type HeldLock, type Lock, lockInventory, removeLeftovers } from './lockInventory';
import { writeWhole } from './writeWhole';

/** An inventory as it stood when it was read, with the texts of its files. */
export interface ReadInventory {
  /** The real path of its first file. */
  readonly root: string;
  readonly loaded: LoadedInventory;
  /** By the names that findings use, the first file first; without those that could not be read. */
  readonly texts: ReadonlyMap<string, string>;
  /** The inventory as it would be with other texts in some of its files, by the names that findings use. */
  readonly with: (texts: ReadonlyMap<string, string>) => LoadedInventory;
}

/** Reads an inventory for an edit. Never throws for the content of the files. */
export function readForEdit(file: string): ReadInventory {
  const read = readSources(file);
  const texts = textsOf(read.files);
  // Findings, positions and the edit come from the same texts, also when a file changes in the meantime.
  const parsed = (others: ReadonlyMap<string, string>): ReadSources => ({
    ...read,
    sources: read.sources.map((source) => {
      const text = others.get(source.file);
      return (text === undefined ? undefined : parseSource(text, source.file).source) ?? source;
    }),
  });
  return {
    root: realPath(file),
    loaded: checkSources(parsed(texts)),
    texts,
    with: (changed) => checkSources(parsed(new Map([...texts, ...changed]))),
  };
}

/** An inventory of one file that is on no disk, for an edit. */
export function textForEdit(file: string, text: string): ReadInventory {
  const checked = (now: string): LoadedInventory => {
    const { source, findings } = parseSource(now, file);
    return checkSources({ sources: source ? [source] : [], findings, files: [file], complete: source !== undefined });
  };
  return {
    root: file,
    loaded: checked(text),
    texts: new Map([[file, text]]),
    with: (changed) => checked(changed.get(file) ?? text),
  };
}

/** The files that changed since they were read, and those that belong to the inventory only now; by the names that findings use. */
function changedSince({ root, texts }: ReadInventory): readonly string[] {
  const now = textsOf(readSources(root).files);
  return [...new Set([...texts.keys(), ...now.keys()])].filter((file) => texts.get(file) !== now.get(file));
}

function textsOf(files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((file) => {
      const content = DISK.readText(resolve(file));
      return 'text' in content ? [[file, content.text] as const] : [];
    }),
  );
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}

/** The result of saving. `message` says what is wrong when nothing was written, `hint` how to fix it. */
export type SaveResult = { readonly saved: true } | NotSaved;

interface NotSaved {
  readonly saved: false;
  readonly reason: 'held' | 'changed' | 'failed';
  readonly message: string;
  readonly hint: string;
}

/**
 * Writes the new texts of an inventory's files, by the names that findings use: under the inventory's lock, only when each file of the inventory
 * is still as it was read, and each in one step (see `writeWhole`), in the order of the map. Where one cannot be written, those before it get their old
 * text again. A killed process can leave the first ones written: each text must be right without those after it. Never throws for an error of the
 * file system.
 */
export function saveEdits(read: ReadInventory, edits: ReadonlyMap<string, string>): SaveResult {
  let lock: Lock | HeldLock;
  try {
    lock = lockInventory(read.root);
  } catch (error) {
    return failed(`the lock file beside ${read.root} cannot be created`, error);
  }
  if (!('release' in lock)) return held(lock);
  const written: string[] = [];
  let [file = read.root] = edits.keys();
  try {
    for (const path of new Set([read.root, ...[...edits.keys()].map((one) => resolve(one))])) removeLeftovers(path);
    const changed = changedSince(read);
    if (changed.length > 0) {
      return {
        saved: false,
        reason: 'changed',
        message: `${changed.join(', ')} changed while this command ran`,
        hint: 'Run the command again: it reads the inventory as it is now.',
      };
    }
    for (const [next, text] of edits) {
      file = next;
      writeWhole(resolve(file), text);
      written.push(file);
    }
    return { saved: true };
  } catch (error) {
    const result = isReadOnly(error) ? readOnly(file) : failed(`${file} cannot be written`, error);
    const kept = written.filter((one) => !isRestored(read, one));
    return kept.length === 0
      ? result
      : { ...result, hint: `${kept.join(', ')} kept the new text: restore it from git.` };
  } finally {
    lock.release();
  }
}

/** Writes the text that a file had when it was read; false where that fails. */
function isRestored({ texts }: ReadInventory, file: string): boolean {
  try {
    writeWhole(resolve(file), texts.get(file) ?? '');
    return true;
  } catch {
    return false;
  }
}

/** Writes the new text of one of an inventory's files, as `saveEdits` does. */
export function saveEdit(read: ReadInventory, file: string, text: string): SaveResult {
  return saveEdits(read, new Map([[file, text]]));
}

function held({ file, holder }: HeldLock): NotSaved {
  const remove = `rm ${pathWord(file)}`;
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
    hint: `The inventory is unchanged. Make the file writable, then run the command again:\nchmod u+w ${pathWord(file)}`,
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
