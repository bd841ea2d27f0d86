import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder and those above it. Throws an error whose message says why a folder cannot be created. The `recursive` of Node's own `mkdirSync` never ends below a folder that
 * exists and answers ENOENT for a new entry, as `/proc` does.
 * Source: nodejs/node src/node_file.cc (`MKDirpSync` goes up one folder at ENOENT, and then down again)
 *
 * @param mode of the folders that are created; default: what the umask leaves
 */
export function makeFolder(folder: string, mode?: number): void {
  const path = resolve(folder);
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It exists, or another process was faster. A file and a link that leads nowhere are no folder. macOS answers EISDIR for `/`.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (code === 'ENOENT') throw new Error(`no folder can be created in ${above}`);
    throw error;
  }
}
