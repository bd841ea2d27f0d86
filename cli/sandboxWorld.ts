import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Where the sandbox of one inventory keeps what stands in its AWS, together with the Terraform states that describe it. */
export interface SandboxWorld {
  readonly folder: string;
  /** The folder as people read it. */
  readonly shown: string;
  readonly continued: boolean;
  saved(): { readonly world?: string };
  keep(world: string): void;
}

/**
 * The kept world of an inventory, below `.podlift/` in the current folder; each inventory file has its own.
 * World and states live and go together: a state without its AWS would plan to create everything again. `fresh` removes both.
 */
export function sandboxWorld(inventoryFile: string, fresh: boolean): SandboxWorld {
  const digest = createHash('sha256').update(resolve(inventoryFile)).digest('hex').slice(0, 12);
  const folder = resolve('.podlift', 'sandbox', digest);
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'aws.json');
  const continued = existsSync(file);
  return {
    folder,
    shown: relative('.', folder),
    continued,
    saved: () => (continued ? { world: readFileSync(file, 'utf8') } : {}),
    keep: (world) => {
      writeFileSync(`${file}.new`, world);
      renameSync(`${file}.new`, file);
    },
  };
}
