import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

/** SHA-256 as hexadecimal digits. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The digest of all files of a root. */
export function rootDigest(files: ReadonlyMap<string, string>): string {
  return sha256(JSON.stringify([...files].sort(([one], [other]) => (one < other ? -1 : 1))));
}

/** A file and its digest. */
export interface FileDigest {
  /** From the folder of the inventory's first file, with `/`: the same in each clone. */
  readonly file: string;
  readonly sha256: string;
}

/** The digests of the files of an inventory, the first file first. Throws what the system says. */
export function inventoryDigests(files: readonly string[]): readonly FileDigest[] {
  const [first = 'inventory.yaml'] = files;
  const folder = dirname(resolve(first));
  return files.map((file) => ({
    file: relative(folder, resolve(file)).split(sep).join('/'),
    sha256: sha256(readFileSync(file)),
  }));
}
