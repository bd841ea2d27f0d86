import { readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning } from './isRunning';
import { isAbandoned, lockFile } from './lockInventory';
import { makerOf } from './temporaryFiles';

/**
 * Removes what runs of podlift on this host that were ended have left beside a file: temporary files, and locks for taking a lock over.
 * To be called while the inventory's lock is held and nothing is being written. What cannot be removed stays: it disturbs nobody.
 */
export function removeLeftovers(file: string): void {
  const folder = dirname(file);
  const lock = basename(lockFile(file));
  for (const name of namesIn(folder)) {
    const isTemporary = name.replace(/^\.+/, '').startsWith(`${basename(file)}.`) && isLeft(makerOf(name));
    const isTaking = name.startsWith(`${lock}.`) && makerOf(name) === undefined && isAbandoned(join(folder, name));
    if (!isTemporary && !isTaking) continue;
    try {
      unlinkSync(join(folder, name));
    } catch {
      continue;
    }
  }
}

/** This process has nothing under way: a name with its number is of an earlier process that had the same. */
function isLeft(maker: number | undefined): boolean {
  return maker !== undefined && (maker === process.pid || !isRunning(maker));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
