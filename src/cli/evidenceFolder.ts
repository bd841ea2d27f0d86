import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Inventory } from '../inventory/Inventory';
import { DISK } from '../inventory/reading/FileTree';
import { UsageError } from './exit';

/**
 * The folder of the evidence of steps: that of `--evidence`, relative to the current folder, else that of the inventory; undefined without one. Throws `UsageError` where
 * the inventory's folder leads out of its repository: whoever commits to it could have files written and read anywhere.
 *
 * @param root the real path of the inventory's first file
 */
export function evidenceFolder(
  option: string | undefined,
  { evidence }: Pick<Inventory, 'evidence'>,
  root: string,
): string | undefined {
  if (option?.trim() === '') throw new UsageError('--evidence names no folder');
  if (option !== undefined) return option;
  if (evidence === undefined) return undefined;
  const folder = join(dirname(root), evidence);
  const boundary = DISK.boundaryOf(root);
  const real = relative(DISK.realPath(boundary.folder), DISK.realPath(nearestFolder(folder)));
  const intended = relative(boundary.folder, folder);
  if (
    [real, intended].some(
      (path) => isAbsolute(path) || path.split(sep).some((part) => part === '..' || part === '.git'),
    )
  )
    throw new UsageError(
      `evidence: ${evidence}: this folder is not in ${boundary.name}. Correct the inventory, or name the folder with --evidence FOLDER.`,
    );
  return DISK.shownPath(folder);
}

/** A folder, or the nearest one above it that exists. */
function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}
