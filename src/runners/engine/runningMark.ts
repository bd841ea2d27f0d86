import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateFile, UnsafePath, writePrivateFile } from '../privateFiles';

/** Another process uses a folder. */
export interface OtherRun {
  readonly process: number;
}

/**
 * Marks a folder as used by this process: two runs at once would write the same roots and plans. Gives the other process where one uses it, else what removes the mark. A mark
 * whose process has ended does not count.
 */
export function markRunning(folder: string): OtherRun | (() => void) {
  const file = join(folder, 'running');
  const other = processIn(file);
  if (other !== undefined && other !== process.pid) return { process: other };
  writePrivateFile(file, String(process.pid));
  return () => {
    rmSync(file, { force: true });
  };
}

function processIn(file: string): number | undefined {
  try {
    const id = Number(readPrivateFile(file));
    process.kill(id, 0);
    return id;
  } catch (error) {
    if (error instanceof UnsafePath) throw error;
    // A process of another user answers too.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? Number(readPrivateFile(file)) : undefined;
  }
}
