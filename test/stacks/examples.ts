import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compileLoaded } from '../../src/blueprint/compileLoaded';
import { loadInventory } from '../../src/inventory/loadInventory';
import { roots } from '../../stacks/roots';

/** An inventory that users can copy. */
export interface Example {
  /** `shared-role` for `examples/shared-role.yaml`, `patterns` for `examples/patterns/inventory.yaml`, `demo` for the project's own. */
  readonly name: string;
  /** The inventory's file. */
  readonly file: string;
  /** The folder with the roots that podlift writes from it. */
  readonly expected: string;
}

const FOLDER = 'examples';

/** All inventories of `examples/`, and the one that `npm run demo` shows. */
export const EXAMPLES: readonly Example[] = [
  'inventory.yaml',
  ...readdirSync(FOLDER)
    .sort()
    .map((name) => join(FOLDER, name.endsWith('.yaml') ? name : join(name, 'inventory.yaml')))
    .filter((file) => existsSync(file)),
].map((file) => {
  const name = nameOf(file);
  return { name, file, expected: join(FOLDER, name, 'expected') };
});

function nameOf(file: string): string {
  if (file === 'inventory.yaml') return 'demo';
  return basename(file) === 'inventory.yaml' ? basename(join(file, '..')) : basename(file, '.yaml');
}

/** The text of each file of an example's roots by its path below `expected`, as `podlift synth --out` writes them from the folder of the project. */
export function expectedFiles({ file, expected }: Example): ReadonlyMap<string, string> {
  const all = roots(compileLoaded(loadInventory(file)).blueprints, { out: expected, home: '.' });
  return new Map(all.flatMap(({ name, files }) => [...files].map(([path, text]) => [join(name, path), text] as const)));
}
