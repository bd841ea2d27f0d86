import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from './makeFolder';

/** The text of each file of a root by its path in the folder. */
interface RootFiles {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

/** What was written into the folder of the roots. */
export interface WrittenRoots {
  /** Paths of the files that changed or are new, below the folder. */
  readonly changed: readonly string[];
  /** Policy documents that no root reads any more; they are removed. */
  readonly removed: readonly string[];
  /** Roots that podlift wrote before and that the inventory no longer has, of the environments that were written. Nobody but their owner may remove them: their states can have resources. */
  readonly left: readonly string[];
}

/** A folder that podlift must not write into. The message is for the operator. */
export class RootsError extends Error {}

const MAIN = 'main.tf.json';

/**
 * Writes roots, one folder each. A file that has its text already is not touched, and no file of other people: lock files, variables and further `.tf` files of a root stay.
 * Throws a {@link RootsError} where a folder has a `main.tf.json` that is not podlift's, or cannot be written.
 *
 * @param environments those whose stacks are all among the roots
 */
export function writeRoots(
  roots: readonly RootFiles[],
  { out, environments }: { readonly out: string; readonly environments: readonly string[] },
): WrittenRoots {
  for (const { name } of roots) refuseForeign(join(out, name, MAIN));
  const all = roots.flatMap(({ name, files }) => [...files].map(([file, text]) => ({ file: join(name, file), text })));
  const changed = all.filter(({ file, text }) => writeIfChanged(join(out, file), text)).map(({ file }) => file);
  const wanted = new Set(all.map(({ file }) => file));
  const removed = roots
    .flatMap(({ name }) => list(join(out, name, 'policies')).map((file) => join(name, 'policies', file)))
    .filter((file) => file.endsWith('.json') && !wanted.has(file));
  for (const file of removed) rmSync(join(out, file));
  const names = new Set(roots.map(({ name }) => name));
  const left = list(out).filter(
    (name) =>
      !names.has(name) && environments.some((one) => isStackOf(one, name)) && isOwn(join(out, name, MAIN)) === true,
  );
  return { changed, removed, left };
}

/** Source: the names of stacks in docs/ARCHITECTURE.md. */
function isStackOf(environment: string, name: string): boolean {
  return name === `${environment}-identity` || /^(targets|service-accounts)-/.test(name.slice(environment.length + 1));
}

function refuseForeign(path: string): void {
  if (isOwn(path) !== false) return;
  throw new RootsError(`${path} was not written by podlift, and is not overwritten. Name another folder with --out.`);
}

/** Whether a `main.tf.json` is podlift's: each has the output `inventory`. Undefined where there is none. */
function isOwn(path: string): boolean | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { output } = JSON.parse(readFileSync(path, 'utf8')) as { output?: { inventory?: unknown } };
    return output?.inventory !== undefined;
  } catch {
    return false;
  }
}

function writeIfChanged(path: string, text: string): boolean {
  try {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
    makeFolder(dirname(path));
    writeFileSync(path, text);
    return true;
  } catch (error) {
    throw new RootsError(`${path} cannot be written: ${(error as Error).message}`);
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
