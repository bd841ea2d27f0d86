import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { inventoryFile } from '../../src/inventory/inventoryFile';
import { loadInventory } from '../../src/inventory/loadInventory';
import { run, useFolder } from '../cli/commandLine';

const PODLIFT = resolve('src/cli/podlift.js');
const ESTATE = resolve('examples/existing-estate/estate.yaml');

describe('podlift init', () => {
  const folder = useFolder();
  const podlift = (...words: readonly string[]) => run([PODLIFT, ...words], {}, folder.path);

  it('asks nothing where there is no terminal: it names the options, and exits 2', () => {
    const { status, stdout, stderr } = podlift('init');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^podlift: there is no terminal to ask questions: add --account ID --region REGION --cluster NAME\./,
    );
  });

  it('starts from a cluster that exists: discover adds the cluster and its workloads', () => {
    const options = ['--account', '111122223333', '--region', 'eu-central-1', '--environment', 'live'];
    const from = ['init', ...options, '--cluster', 'parcels-one', '--discover'];
    const { status, stdout } = podlift('sandbox', '--estate', ESTATE, '--', process.execPath, PODLIFT, ...from);
    expect(status).toBe(0);
    expect(stdout).toContain('environments.live.clusters.parcels-one');
    const { inventory } = loadInventory(join(folder.path, inventoryFile({})));
    expect(inventory?.environments[0]?.clusters).toMatchObject([{ name: 'parcels-one', agent: { adopt: true } }]);
    expect(inventory?.environments[0]?.workloads.length).toBeGreaterThan(10);
  });

  it('keeps --inventory in the commands that it prints, and they work', () => {
    const { status, stdout } = podlift('init', '--yes', '--inventory', 'infra/my pods.yaml');
    expect(status).toBe(0);
    const commands = stdout.match(/^ {2}node .*(validate|prove)$/gm) ?? [];
    expect(commands).toEqual([
      expect.stringContaining("--inventory 'infra/my pods.yaml' validate"),
      expect.stringContaining('prove'),
    ]);
    for (const command of commands) expect(spawnSync('sh', ['-c', command], { cwd: folder.path }).status).toBe(0);
  });
});
