import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { privateFolder, readPrivateFile, secureContents, UnsafePath, writePrivateFile } from '../runners/privateFiles';
import { OPENTOFU_MIRROR } from '../runners/terraformInstallation';
import { restoreWorld } from '../sandbox/world/savedWorld';
import { UsageError } from './exit';

/** The saved AWS of an inventory's sandbox, together with the Terraform states that describe it. */
export interface SandboxWorld {
  readonly folder: string;
  /** For people: the folder, and whether an earlier run continues. */
  readonly shown: string;
  readonly continued: boolean;
  /** The file with which the AWS began (`--estate`), as text. Absent: it began as the inventory says. */
  readonly estate?: string;
  /** What `keep` saved last, for `startSandbox`. Throws `UsageError` when it cannot be read. */
  saved(): { readonly world?: string };
  /** Saves the AWS for the next run, in one step. Does nothing for a copy. */
  save(world: string): void;
  /** Saves the AWS for the next run and ends the use of the folder. */
  keep(world: string): void;
}

/**
 * The saved sandbox of an inventory, below `.podlift/` in the current folder; each inventory file has its own. AWS and states belong together:
 * a state without its AWS would plan to create everything again. `fresh` removes both. While another sandbox of the inventory runs, this one
 * works on a copy and saves nothing. The owner alone can read it: it contains the keys of the clusters. Throws `UsageError` when the folder
 * cannot be written, for a symbolic link in it, and when an AWS is saved that did not begin with `estate`.
 *
 * @param estate the text of the file with which a new AWS begins
 */
export function sandboxWorld(inventoryFile: string, fresh: boolean, estate?: string): SandboxWorld {
  const digest = digestOf(inventoryFile);
  const home = homeOf(inventoryFile);
  const project = resolve('.');
  const ownFolder = () => privateFolder(project, '.podlift', 'sandbox', digest);
  return onDisk(home, () => {
    ownFolder();
    const holder = holderOf(home);
    if (holder === undefined) {
      if (fresh) rmSync(home, { recursive: true, force: true });
      ownFolder();
      secureContents(home, OPENTOFU_MIRROR);
      beginWith(home, estate);
      writePrivateFile(lockOf(home), String(process.pid));
      const again = existsSync(worldOf(home)) ? ' (continued; --fresh starts again from empty)' : '';
      const save = (world: string) => {
        // While the sandbox runs, a link can take the place of a folder above the file.
        if (existsSync(home)) ownFolder();
        writePrivateFile(worldOf(home), world);
      };
      return worldIn(home, `${relative('.', home)}${again}`, save, () => {
        rmSync(lockOf(home), { force: true });
      });
    }
    secureContents(home, OPENTOFU_MIRROR);
    const copy = mkdtempSync(join(tmpdir(), 'podlift-sandbox-'));
    if (!fresh) cpSync(home, copy, { recursive: true });
    beginWith(copy, estate);
    const shown = `a copy that is not saved: process ${holder} runs this inventory's sandbox`;
    const saveNothing = () => undefined;
    return worldIn(copy, shown, saveNothing, () => {
      rmSync(copy, { recursive: true, force: true });
    });
  });
}

function worldIn(folder: string, shown: string, save: SandboxWorld['save'], end: () => void): SandboxWorld {
  const estate = estateIn(folder);
  return {
    folder,
    shown,
    continued: existsSync(worldOf(folder)),
    ...(estate === undefined ? {} : { estate }),
    saved: () => saved(folder),
    save: (world) => {
      onDisk(folder, () => {
        save(world);
      });
    },
    keep: (world) => {
      onDisk(folder, () => {
        save(world);
        end();
      });
    },
  };
}

/** The text of the estate with which the saved sandbox of an inventory began. Undefined where none is saved, or it began without one. */
export function savedEstate(inventoryFile: string): string | undefined {
  const home = homeOf(inventoryFile);
  return onDisk(home, () => estateIn(home));
}

/** Keeps the estate with which a new AWS begins. */
function beginWith(folder: string, estate: string | undefined): void {
  if (estate === undefined || estateIn(folder) === estate) return;
  if (existsSync(worldOf(folder)))
    throw new UsageError(
      `${shownPath(folder)} has a saved sandbox that did not begin with this estate: add --fresh to begin again, or leave out --estate to continue`,
    );
  writePrivateFile(estateFileOf(folder), estate);
}

function estateIn(folder: string): string | undefined {
  const file = estateFileOf(folder);
  return existsSync(file) ? readPrivateFile(file) : undefined;
}

const digestOf = (inventoryFile: string) =>
  createHash('sha256').update(resolve(inventoryFile)).digest('hex').slice(0, 12);
const homeOf = (inventoryFile: string) => resolve('.podlift', 'sandbox', digestOf(inventoryFile));
const worldOf = (folder: string) => join(folder, 'aws.json');
const estateFileOf = (folder: string) => join(folder, 'estate.yaml');
const lockOf = (folder: string) => join(folder, 'running');

function saved(folder: string): { readonly world?: string } {
  const file = worldOf(folder);
  if (!existsSync(file)) return {};
  const world = onDisk(folder, () => readPrivateFile(file));
  try {
    restoreWorld(world);
  } catch (error) {
    throw new UsageError(
      `${shownPath(file)} is not a saved sandbox (${reasonOf(error)}): run the command with --fresh, or delete ${shownPath(folder)}`,
    );
  }
  return { world };
}

/** Turns an error of the file system into a `UsageError`. */
function onDisk<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof UnsafePath) throw new UsageError(error.message);
    throw new UsageError(
      `the sandbox cannot save its state in ${shownPath(folder)} (${reasonOf(error)}): run it in a folder that you can write`,
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A path as a person types it: relative when it is below the current folder. */
function shownPath(path: string): string {
  const near = relative('.', path);
  return near.startsWith('..') ? path : near;
}

/** The other process that runs this sandbox now. */
function holderOf(home: string): number | undefined {
  try {
    const holder = Number(readPrivateFile(lockOf(home)));
    process.kill(holder, 0);
    return holder === process.pid ? undefined : holder;
  } catch (error) {
    if (error instanceof UnsafePath) throw error;
    return undefined;
  }
}
