import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyInventory } from '../../src/rehearsal/applyStacks';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-copy-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the copy of an inventory', () => {
  it('has every file where the others find it, also those above the first', () => {
    const files = ['envs/inventory.yaml', 'envs/prod/waves.yaml', 'shared/accounts.yaml'];
    for (const file of files) {
      mkdirSync(join(folder, 'own', file, '..'), { recursive: true });
      writeFileSync(join(folder, 'own', file), `# ${file}`);
    }
    const copy = copyInventory(
      files.map((file) => join(folder, 'own', file)),
      join(folder, 'copy'),
    );
    expect(copy).toBe(join(folder, 'copy', 'envs/inventory.yaml'));
    for (const file of files) expect(readFileSync(join(folder, 'copy', file), 'utf8')).toBe(`# ${file}`);
  });

  it('is another file: what is written to it leaves the inventory alone', () => {
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, 'version: 1\n');
    writeFileSync(copyInventory([file], join(folder, 'copy')), 'changed');
    expect(readFileSync(file, 'utf8')).toBe('version: 1\n');
  });
});
