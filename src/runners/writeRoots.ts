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
  /** Policy documents that the root read before and does not read any more; they are removed. */
  readonly removed: readonly string[];
  /** Roots that podlift wrote before and that the inventory no longer has. Nobody but their owner may remove them: their states can have resources. */
  readonly left: readonly string[];
}

/** A folder that podlift must not write into. The message is for the operator. */
export class RootsError extends Error {}

const MAIN = 'main.tf.json';

/**
 * Writes roots, one folder each. A file that has its text already is not touched, and no file of other people: lock files, variables, and further `.tf` files
 * of a root stay with the documents that they read. Throws a {@link RootsError} where a folder has a `main.tf.json` that is not podlift's, or cannot be written.
 *
 * @param environments those whose stacks are all among the roots
 * @param isWhole the inventory has no other environment: a root of another one is of an environment that is gone. Default: false
 */
export function writeRoots(
  roots: readonly RootFiles[],
  {
    out,
    environments,
    isWhole = false,
  }: { readonly out: string; readonly environments: readonly string[]; readonly isWhole?: boolean },
): WrittenRoots {
  for (const { name } of roots) refuseForeign(join(out, name, MAIN));
  const all = roots.flatMap(({ name, files }) => [...files].map(([file, text]) => ({ file: join(name, file), text })));
  const wanted = new Set(all.map(({ file }) => file));
  const removed = roots
    .flatMap(({ name }) => documentsOf(join(out, name, MAIN)).map((file) => join(name, file)))
    .filter((file) => !wanted.has(file) && existsSync(join(out, file)));
  const changed = all.filter(({ file, text }) => writeIfChanged(join(out, file), text)).map(({ file }) => file);
  for (const file of removed) rmSync(join(out, file));
  const names = new Set(roots.map(({ name }) => name));
  const inventories = new Set(roots.map(({ files }) => inventoryIn(files.get(MAIN) ?? '')));
  const left = list(out).filter((name) => {
    if (names.has(name) || !(isWhole || environments.some((one) => isStackOf(one, name)))) return false;
    const inventory = inventoryIn(read(join(out, name, MAIN)) ?? '');
    return inventory !== undefined && (inventories.has(inventory) || UNNAMED.test(inventory));
  });
  return { changed, removed, left };
}

/** Source: the names of stacks in docs/ARCHITECTURE.md. */
function isStackOf(environment: string, name: string): boolean {
  return (
    name.startsWith(`${environment}-`) &&
    /^(identity$|targets-|service-accounts-)/.test(name.slice(environment.length + 1))
  );
}

/** What the roots of an inventory without a name have instead. Source: `unnamedIdentity` of src/blueprint/inventoryIdentity.ts */
const UNNAMED = /^"\S+ in \d{12} \S+"$/;

function refuseForeign(path: string): void {
  const text = read(path);
  if (text === undefined || inventoryIn(text) !== undefined) return;
  throw new RootsError(`${path} was not written by podlift, and is not overwritten. Name another folder with --out.`);
}

/** The inventory that a `main.tf.json` belongs to, as JSON: each of podlift has the output `inventory`. Undefined for others. */
function inventoryIn(main: string): string | undefined {
  try {
    const { output } = JSON.parse(main) as { output?: { inventory?: { value?: unknown } } };
    const value = output?.inventory?.value;
    return value === undefined ? undefined : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The policy documents that podlift's root in a file reads. */
function documentsOf(path: string): readonly string[] {
  return [...(read(path) ?? '').matchAll(/file\(\\"\$\{path\.module\}\/(policies\/[^"\\/]+)\\"\)/g)].map(
    ([, file = '']) => file,
  );
}

/** The text of a file; undefined where there is none. */
function read(path: string): string | undefined {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return '';
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
