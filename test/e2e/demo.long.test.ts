import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { initialise, validate } from '../../src/runners/stackCommands';
import { terraformProject } from './terraformProject';

describe('the demo', () => {
  it('applies the example and shows that every pod gets every role, stage by stage', () => {
    const { status, stdout } = spawnSync(process.execPath, ['src/cli/podlift.js', 'demo'], { encoding: 'utf8' });
    const rows = stdout.split('\n').filter((line) => line.startsWith('│'));
    for (const stage of ['irsa', 'prepared', 'dual', 'cutover', 'pod-identity'])
      expect(rows.some((row) => row.includes(` ${stage} `))).toBe(true);
    expect(stdout).toMatch(/prod-identity: 1 imported, \d+ added, 1 changed, 0 destroyed/);
    expect(stdout).toMatch(/14 pods requested credentials\. Each got every role/);
    const [applied, rehearsed] = stdout.split('Rehearsal of wave');
    expect(applied).not.toContain('denied');
    // The one denial that no order of changes avoids is named, and nothing else.
    expect(rehearsed).toMatch(/Every pod got the roles of its stage, except pods that wait for a restart or for the association after an apply/);
    const steps = (rehearsed ?? '')
      .split('\n')
      .filter((line) => line.startsWith('│ dev'))
      .map((line) => line.split('│').map((cell) => cell.trim()));
    const walked = steps
      .filter(([, , wave]) => wave === 'core')
      .map(([, , , step, , , destroyed, , , denials]) => [step, destroyed, denials]);
    expect(walked).toEqual([
      ['dual → cutover', '0', '-'],
      ['cutover → pod-identity', '0', '-'],
      ['pod-identity → cutover', '0', '-'],
      ['cutover → dual', '0', '-'],
      ['dual → prepared', '1', expect.stringMatching(/^\d+ until restarted$/)],
      ['prepared → irsa', '0', '-'],
      ['irsa → prepared', '0', '-'],
      ['prepared → dual', '0', expect.stringMatching(/^(-|\d+ until effective)$/)],
    ]);
    // Plain lines where there is no terminal: no escape sequence moves a cursor.
    expect(stdout).not.toContain('\u001b[');
    expect(status).toBe(0);
  });
});

describe('the example inventory', () => {
  it('gives AWS stacks that Terraform finds valid', async () => {
    const inventory = readFileSync('inventory.yaml', 'utf8');
    const project = await terraformProject(inventory);
    try {
      project.synth(inventory);
      for (const stack of ['dev-identity', 'prod-identity', 'prod-targets-data-prod']) {
        await initialise(project.stack(stack));
        await validate(project.stack(stack));
      }
    } finally {
      await project.close();
    }
  });
});
