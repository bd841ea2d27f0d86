import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
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

  describe('with a job of GitLab', () => {
    const scriptIn = (cwd: string): readonly string[] => {
      execFileSync('git', ['init', '-q', folder.path]);
      mkdirSync(cwd, { recursive: true });
      expect(run([PODLIFT, 'init', '--yes', '--ci', 'gitlab'], {}, cwd).status).toBe(0);
      const text = readFileSync(join(folder.path, '.gitlab/podlift.gitlab-ci.yml'), 'utf8');
      return (parse(text) as { podlift: { script: string[] } }).podlift.script;
    };
    const sh = (line: string, env?: NodeJS.ProcessEnv) =>
      execFileSync('sh', ['-c', line], { cwd: folder.path, env, encoding: 'utf8' }).trim();

    it('goes into a folder whatever its name is', () => {
      const cwd = join(folder.path, "team's $HOME #1: infra");
      expect(sh(`${scriptIn(cwd)[0] ?? ''} && pwd`)).toBe(realpathSync(cwd));
    });

    it.each([
      ['where the branch began', '', 'began'],
      ['the target branch that GitLab has merged in', 'tip', 'tip'],
    ])('compares with %s', (_, target, base) => {
      const check = scriptIn(folder.path).find((line) => line.includes(' check ')) ?? '';
      const env = { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'began', CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target };
      expect(sh(check.replace(/^.*--base/, 'echo'), env)).toBe(base);
    });
  });
});
