import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Copies an inventory's files into `folder` as they lie to one another, so that their `include` finds them there.
 * Takes the files with the first one first; gives the first one's copy.
 */
export function workingCopy(files: readonly string[], folder: string): string {
  const paths = files.map((file) => resolve(file));
  const [first = resolve('inventory.yaml')] = paths;
  let base = dirname(first);
  while (paths.some((path) => relative(base, path).startsWith('..'))) base = dirname(base);
  for (const path of paths) {
    const copy = join(folder, relative(base, path));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(path, copy);
  }
  return join(folder, relative(base, first));
}
