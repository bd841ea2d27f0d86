import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryIn, PILOT, run, useFolder } from '../cli/commandLine';

const FIRST_RESULT = /1 pods requested credentials\. Each got every role of its stage\./;

describe('a machine without a tool', () => {
  const folder = useFolder();

  /** A folder for PATH that has these tools of the machine, and no others. */
  const pathWith = (...tools: readonly string[]) => {
    const path = join(folder.path, 'bin');
    mkdirSync(path);
    for (const tool of tools)
      symlinkSync(spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim(), join(path, tool));
    return path;
  };
  const podlift = (words: readonly string[], path: string) =>
    run(['src/cli/podlift.js', ...words], { ...inventoryIn(folder, PILOT), PATH: path });

  it.each([['demo'], ['rehearse']])('ends %s at once without Terraform, and says how to get it', (command) => {
    const { status, stdout, stderr } = podlift([command], pathWith('kubectl'));
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `podlift ${command}: "terraform" cannot be run. Install Terraform 1.10 or later (https://developer.hashicorp.com/terraform/install) and put it on PATH, or name another binary in TERRAFORM_BINARY_NAME.\n`,
    );
  });

  it('shows what each pod gets without kubectl, and says what the demo leaves out', () => {
    const { status, stdout, stderr } = podlift(['demo'], pathWith('terraform'));
    expect(stdout).toMatch(FIRST_RESULT);
    expect(stdout).toContain(
      'Left out: the rehearsal of wave pilot in prod.\n"kubectl" cannot be run. Install it (https://kubernetes.io/docs/tasks/tools/) and put it on PATH. Then rehearse the wave:\n',
    );
    expect(stdout).toMatch(/podlift\.js rehearse --wave pilot --environment prod\n$/);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('ends rehearse at once without kubectl: its pods come from Deployments', () => {
    const { status, stdout, stderr } = podlift(['rehearse'], pathWith('terraform'));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('"kubectl" cannot be run. Install it');
  });
});
