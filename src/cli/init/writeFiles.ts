import { accessSync, constants, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../runners/makeFolder';
import { UsageError } from '../exit';
import type { NewFile } from './NewFile';
import { withIgnored } from './surroundings';

const IGNORE = '.gitignore';

/**
 * Writes the files that do not exist, and adds to `.gitignore` what it lacks. Gives a line for each file. Where one of them cannot be written, it writes
 * none.
 *
 * @throws `UsageError` that names the file and the reason
 */
export function writeFiles(files: readonly NewFile[], cwd: string): readonly string[] {
  const missing = files.filter((file) => !exists(resolve(cwd, file.path)) && !isUseless(file, cwd));
  for (const { path } of missing) requireWritable(path, cwd);
  if (ignored(cwd).added.length > 0) requireWritable(IGNORE, cwd);
  return [...files.map((file) => writeNew(file, cwd)), ignoreMore(cwd)];
}

/** True also for a link that leads nowhere. */
export function exists(path: string): boolean {
  return statOf(path, lstatSync) !== undefined;
}

/** True for a folder, and for a link to one. */
export function isFolder(path: string): boolean {
  return statOf(path, statSync)?.isDirectory() === true;
}

/** True for a link whose file does not exist. */
export function leadsNowhere(path: string): boolean {
  return exists(path) && statOf(path, statSync) === undefined;
}

function statOf(path: string, stat: typeof lstatSync) {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch (error) {
    // A part of the path is a file: nothing can be below it.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function writeNew({ path, text, otherwise, ...file }: NewFile, cwd: string): string {
  if (exists(resolve(cwd, path)))
    return `${path}: exists, not changed${otherwise === undefined ? '' : `; ${otherwise}`}`;
  if (isUseless({ path, text, ...file }, cwd)) return `${path}: not written; ${file.needs?.otherwise ?? ''}`;
  onDisk(path, () => {
    makeFolder(dirname(resolve(cwd, path)));
    writeFileSync(resolve(cwd, path), text, { flag: 'wx' });
  });
  return `${path}: written`;
}

function isUseless({ needs }: NewFile, cwd: string): boolean {
  if (needs === undefined) return false;
  const other = resolve(cwd, needs.path);
  const isFile = statOf(other, statSync)?.isFile() === true;
  return exists(other) && !(isFile && readFileSync(other, 'utf8') === needs.text);
}

function ignoreMore(cwd: string): string {
  const { added, text } = ignored(cwd);
  if (isLink(join(cwd, IGNORE))) return `${IGNORE}: a link, not changed`;
  if (added.length === 0) return `${IGNORE}: has all entries`;
  onDisk(IGNORE, () => {
    writeFileSync(join(cwd, IGNORE), text);
  });
  return `${IGNORE}: ${added.length === 1 ? '1 entry' : `${added.length} entries`} added`;
}

function ignored(cwd: string) {
  const file = join(cwd, IGNORE);
  return withIgnored(statOf(file, statSync)?.isFile() === true ? readFileSync(file, 'utf8') : '');
}

function isLink(path: string): boolean {
  return statOf(path, lstatSync)?.isSymbolicLink() === true;
}

/** Throws where the file, or the nearest folder above that exists, cannot be written. */
function requireWritable(path: string, cwd: string): void {
  const file = resolve(cwd, path);
  if (isLink(file)) return;
  const place = exists(file) ? file : nearest(dirname(file));
  const isRight = place === file ? statOf(place, statSync)?.isFile() === true : isFolder(place);
  if (!isRight) throw refused(path, `${place} is ${place === file ? 'not a file' : 'not a folder'}`);
  onDisk(path, () => {
    accessSync(place, constants.W_OK);
  });
}

function nearest(folder: string): string {
  return exists(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(path, error instanceof Error ? error.message : String(error));
  }
}

function refused(path: string, reason: string): UsageError {
  return new UsageError(`${path} cannot be written: ${reason}`);
}
