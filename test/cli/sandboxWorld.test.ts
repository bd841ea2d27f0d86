import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxWorld } from '../../src/cli/sandboxWorld';

/** The least that is a saved world. */
const AWS = '{"version":1,"ambientAccount":"111111111111","accounts":{},"clusters":{}}';

const project = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-world-')));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(project);
  rmSync(folder, { recursive: true });
});

describe('the kept world of an inventory', () => {
  it('is below .podlift, one for each inventory file', () => {
    const [a, b] = [sandboxWorld('a.yaml', false), sandboxWorld('b.yaml', false)];
    expect(a.folder.startsWith(join(folder, '.podlift'))).toBe(true);
    expect(a.folder).not.toBe(b.folder);
  });

  it('goes on with what the last run kept', () => {
    const first = sandboxWorld('inventory.yaml', false);
    expect([first.continued, first.saved()]).toEqual([false, {}]);
    first.keep(AWS);
    const second = sandboxWorld('inventory.yaml', false);
    expect([second.continued, second.saved()]).toEqual([true, { world: AWS }]);
    expect(second.shown).toContain('--fresh');
  });

  it('begins anew, states included, when it is asked to', () => {
    const first = sandboxWorld('inventory.yaml', false);
    writeFileSync(join(first.folder, 'prod-identity.tfstate'), '{}');
    first.keep(AWS);
    const fresh = sandboxWorld('inventory.yaml', true);
    expect(fresh.saved()).toEqual({});
    expect(existsSync(join(fresh.folder, 'prod-identity.tfstate'))).toBe(false);
  });

  it('is copied, and not written, while another process runs it', () => {
    const first = sandboxWorld('inventory.yaml', false);
    first.keep(AWS);
    // The parent of this process is alive, and is not this process.
    writeFileSync(join(first.folder, 'running'), String(process.ppid));
    const copy = sandboxWorld('inventory.yaml', false);
    expect(copy.saved()).toEqual({ world: AWS });
    expect(copy.folder).not.toBe(first.folder);
    copy.keep('{"aws":2}');
    expect(existsSync(copy.folder)).toBe(false);
    expect(readFileSync(join(first.folder, 'aws.json'), 'utf8')).toBe(AWS);
  });

  it('does not wait for a process that is gone', () => {
    const first = sandboxWorld('inventory.yaml', false);
    writeFileSync(join(first.folder, 'running'), '999999999');
    expect(sandboxWorld('inventory.yaml', false).folder).toBe(first.folder);
  });

  it('is refused, in words for people, where it is none', () => {
    const first = sandboxWorld('inventory.yaml', false);
    first.keep('{"aws":');
    expect(() => sandboxWorld('inventory.yaml', false).saved()).toThrow(/aws\.json is not a saved sandbox .*--fresh/);
  });

  it('says so when it can no longer be kept', () => {
    const world = sandboxWorld('inventory.yaml', false);
    rmSync(world.folder, { recursive: true });
    expect(() => {
      world.keep(AWS);
    }).toThrow(/cannot save its state in \.podlift/);
  });
});
