import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
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

describe('the package in an empty folder', () => {
  const folder = useFolder();

  /** What `npm install` of the package makes, without the registry: the packages that it needs are those of this repository. */
  const install = () => {
    const modules = join(folder.path, 'node_modules');
    mkdirSync(join(modules, 'podlift'), { recursive: true });
    for (const name of readdirSync('node_modules'))
      if (!name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(modules, name));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder.path], { stdio: 'pipe' });
    const [tarball = ''] = readdirSync(folder.path).filter((name) => name.endsWith('.tgz'));
    execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'podlift'), '--strip-components=1'], {
      cwd: folder.path,
    });
    mkdirSync(join(modules, '.bin'));
    symlinkSync('../podlift/src/cli/podlift.js', join(modules, '.bin', 'podlift'));
  };
  const shell = (line: string) => spawnSync('sh', ['-c', line], { cwd: folder.path, encoding: 'utf8' });

  it('starts with init --yes: the commands that it prints work, and so does the app of cdktf', () => {
    install();
    const { status, stdout } = shell('npx podlift init --yes --ci github');
    expect(status).toBe(0);
    expect(readFileSync(join(folder.path, 'inventory.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/podlift\/schema\/inventory\.schema\.json\n/,
    );
    // All packages are there.
    expect(stdout).not.toContain('npm install');
    const commands = [...stdout.matchAll(/^ {2}(npx podlift .*)$/gm)].map(([, line = '']) => line);
    expect(commands).toEqual([
      'npx podlift validate',
      'npx podlift prove',
      'npx podlift sandbox -- npx podlift plan',
      'npx podlift plan',
    ]);
    // The last one asks the real AWS.
    for (const command of commands.slice(0, -1)) expect([command, shell(command).status]).toEqual([command, 0]);
    const { app } = JSON.parse(readFileSync(join(folder.path, 'cdktf.json'), 'utf8')) as { app: string };
    expect(shell(app)).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(folder.path, 'cdktf.out', 'stacks'))).toContain('prod-identity');
  });
});
