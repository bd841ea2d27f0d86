import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inventoryIn, run, useFolder } from './commandLine';

const PODLIFT = resolve('src/cli/podlift.js');
const TEXT = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/A1A1" }
        agent: { version: v1.3.4-eksbuild.1 }
waves: { pilot: { stages: { prod: prepared } } }
workloads:
  api: { wave: pilot, namespace: shop, serviceAccount: api, sdk: { language: python, version: 1.34.60 } }
`;

/** The environment of an operator who is not logged in: every question fails at once. */
const LOGGED_OUT = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

describe('the commands that podlift prints, outside of its own folder', () => {
  const folder = useFolder();

  /** The printed lines that start podlift or cdktf. */
  const commandsIn = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(\(cd |PODLIFT_INVENTORY=|node |npx |podlift )/.test(line));

  const shell = (line: string, env: Record<string, string>) =>
    spawnSync('sh', ['-c', line], {
      cwd: folder.path,
      encoding: 'utf8',
      env: { ...process.env, ...LOGGED_OUT, ...env },
    });

  it('have the flag of the command before them', () => {
    inventoryIn(folder, TEXT);
    const status = shell(`node ${PODLIFT} --include-outside status`, {});
    expect(commandsIn(status.stdout.replaceAll('PODLIFT_INCLUDE_OUTSIDE=1 node', 'node'))).toHaveLength(1);
    expect(status.stdout).toContain(`PODLIFT_INCLUDE_OUTSIDE=1 node ${PODLIFT} advance pilot --environment prod`);
  });

  it('run as podlift was started: by its file, and as a command on PATH', () => {
    inventoryIn(folder, TEXT);
    mkdirSync(join(folder.path, 'bin'));
    symlinkSync(PODLIFT, join(folder.path, 'bin', 'podlift'));
    const onPath = { PATH: `${join(folder.path, 'bin')}:${process.env.PATH ?? ''}` };
    const dry = 'rollback pilot -e prod --to irsa --dry-run --force --because late';
    for (const [start, env] of [
      [`node ${PODLIFT}`, {}],
      ['podlift', onPath],
      [`PODLIFT_INVENTORY=./inventory.yaml podlift`, onPath],
      [`podlift --inventory ./inventory.yaml`, onPath],
    ] as const) {
      const status = shell(`${start} status`, env);
      expect(status.status).toBe(0);
      const [next = '', ...others] = commandsIn(status.stdout);
      expect(others).toEqual([]);
      expect(next).toMatch(/advance pilot --environment prod$/);
      // The gate fails without credentials, and finds the inventory, the wave and the environment.
      const gate = shell(next, env);
      expect([gate.status, gate.stdout]).toEqual([1, expect.stringContaining('no valid AWS credentials')]);
      const printed = commandsIn(shell(`${start} ${dry}`, env).stdout);
      const own = printed.filter((line) => !line.includes('cdktf'));
      expect(own).toHaveLength(1);
      expect(shell(own[0]!.replace(/$/, ' --dry-run'), env).status).toBe(0);
      const document = JSON.parse(shell(`${start} status --format json`, env).stdout) as {
        waves: readonly { next: { command: string } }[];
      };
      expect(document.waves.map((wave) => wave.next.command)).toEqual([next]);
      const cdktf = printed.filter((line) => line.includes('cdktf'));
      expect(cdktf).toHaveLength(2);
      if (start !== 'podlift') continue;
      // What the command would plan: the stacks of this inventory, synthesised by podlift's own configuration.
      const listed = shell(cdktf[0]!.replace(/npx cdktf plan .*\)$/, 'node -r tsx/cjs main.ts && echo synthesised)'), {
        ...env,
        CDKTF_OUTDIR: join(folder.path, 'out'),
      });
      expect(listed.stdout).toContain('synthesised');
    }
    expect(run([PODLIFT, 'validate'], {}, folder.path).status).toBe(0);
  });
});
