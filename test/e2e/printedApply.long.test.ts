import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podliftFile } from './sandboxProject';

const INVENTORY = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
waves: { pilot: { stages: { prod: prepared } } }
workloads:
  api: { wave: pilot, namespace: shop, serviceAccount: api, sdk: { language: python, version: 1.34.60 } }
`;

describe('the plan and the apply that podlift prints outside of its own folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'podlift printed-'));
    writeFileSync(join(folder, 'inventory.yaml'), INVENTORY);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const podlift = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [podliftFile(), ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CI: 'true' },
    });
    return { status, stdout, output: stdout + stderr };
  };

  it('plan and apply the stacks of the inventory in this folder', () => {
    const forced = ['--dry-run', '--force', '--because', 'test'];
    const { stdout } = podlift(
      'sandbox',
      '--',
      process.execPath,
      podliftFile(),
      'rollback',
      'pilot',
      '-e',
      'prod',
      ...forced,
    );
    const lines = stdout.split('\n').map((line) => line.trim());
    const [plan, apply] = ['plan', 'apply'].map(
      (name) => lines.find((line) => line.includes(`npx cdktf ${name} `)) ?? '',
    );
    expect(plan).toMatch(/^\(cd .*npx cdktf plan prod-identity\)$/);
    // Nobody is there to approve; a mirror of the providers can lack a platform.
    const planned = podlift('sandbox', '--', 'sh', '-c', plan!.replace(/\)$/, ' --skip-provider-lock --no-color)'));
    expect(planned.output).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy/);
    expect(planned.status).toBe(0);
    const options = ' --skip-provider-lock --no-color --auto-approve)';
    const applied = podlift('sandbox', '--', 'sh', '-c', apply!.replace(/\)$/, options));
    expect(applied.output).toMatch(/Apply complete! Resources: \d+ added/);
    expect(applied.status).toBe(0);
    const recovered = podlift('sandbox', '--', process.execPath, podliftFile(), 'recover', '-e', 'prod');
    expect([recovered.status, recovered.output]).toEqual([0, expect.any(String)]);
  });
});
