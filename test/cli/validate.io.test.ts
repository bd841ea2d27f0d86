import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryIn, run, SOUND, useFolder } from './commandLine';

const folder = useFolder();
const podlift = (words: string[], env: Record<string, string> = {}) => run(['src/cli/podlift.js', ...words], env);
const WRONG_ACCOUNT = SOUND.replace('account: apps', 'account: app');
const WARNED = SOUND.replace('"arn:aws:s3:::acme/*"', '"*"');
const TWO = SOUND.replace('workloads:', '  dev: { account: apps, region: us-west-2, clusters: {} }\nworkloads:');

interface Document {
  readonly format: string;
  readonly findings: readonly object[];
}

describe('podlift validate', () => {
  it('exits 0 and says what it looked at when nothing is wrong', () => {
    const { status, stdout } = podlift(['validate'], inventoryIn(folder, SOUND));
    expect(stdout).toMatch(/no findings in 1 environments?, 1 workloads?/);
    expect(status).toBe(0);
  });

  it('exits 0 when all it found are warnings, and prints them', () => {
    const { status, stdout } = podlift(['validate'], inventoryIn(folder, WARNED));
    expect(stdout).toContain('warning');
    expect(status).toBe(0);
  });

  it('exits 1 on an error, and names file, line, column and the next step', () => {
    const { status, stdout } = podlift(['validate'], inventoryIn(folder, WRONG_ACCOUNT));
    expect(stdout).toMatch(/inventory\.yaml:5:14/);
    expect(stdout).toContain('apps');
    expect(status).toBe(1);
  });

  it('prints one JSON document with the findings, and with an empty list for none', () => {
    const found = JSON.parse(
      podlift(['validate', '--format', 'json'], inventoryIn(folder, WRONG_ACCOUNT)).stdout,
    ) as Document;
    expect(Object.keys(found)).toEqual(['format', 'findings']);
    expect(found.format).toBe('podlift.validate/1');
    expect(Object.keys(found.findings[0]!).sort()).toEqual([
      'column',
      'file',
      'hint',
      'line',
      'message',
      'path',
      'rule',
      'severity',
    ]);
    expect(JSON.parse(podlift(['validate', '--format', 'json'], inventoryIn(folder, SOUND)).stdout)).toEqual({
      format: 'podlift.validate/1',
      findings: [],
    });
  });

  it('prints annotations for GitHub', () => {
    const { stdout } = podlift(['validate', '--format', 'github'], inventoryIn(folder, WRONG_ACCOUNT));
    expect(stdout).toMatch(/^::error file=.*,line=5,col=14,/);
  });

  it('finds what is over a quota, at its place in the file', () => {
    const text = SOUND.replace('permissions: {', `permissions: { managedPolicies: [${policies(11)}],`);
    const { findings } = JSON.parse(
      podlift(['validate', '--format', 'json'], inventoryIn(folder, text)).stdout,
    ) as Document;
    expect(findings[0]).toMatchObject({ rule: 'quota', line: 13, severity: 'error' });
  });

  it.each([
    ['that is missing', () => undefined],
    [
      'that is a folder',
      (file: string) => {
        mkdirSync(file);
      },
    ],
    [
      'that is empty',
      (file: string) => {
        writeFileSync(file, '');
      },
    ],
    [
      'that is binary',
      (file: string) => {
        writeFileSync(file, Buffer.from([0, 1, 2, 255, 254]));
      },
    ],
    [
      'of 10 MB',
      (file: string) => {
        writeFileSync(file, '#'.repeat(10 * 1024 * 1024));
      },
    ],
    [
      'with a syntax error',
      (file: string) => {
        writeFileSync(file, 'version: 1\naccounts: [}\n');
      },
    ],
  ])('gives one finding and no stack trace for a file %s', (_what, make) => {
    const file = join(folder.path, 'inventory.yaml');
    make(file);
    const { status, stdout, stderr } = podlift(['validate', '--format', 'json'], { PODLIFT_INVENTORY: file });
    expect((JSON.parse(stdout) as Document).findings).toHaveLength(1);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(status).toBe(1);
  });

  it.each([
    ['', /no findings in 2 environments/],
    ['prod', /no findings in 1 environment, 1 workload$/m],
  ])('asked for the environment "%s" says what it looked at', (name, words) => {
    const { status, stdout } = podlift(['validate'], { ...inventoryIn(folder, TWO), PODLIFT_ENVIRONMENT: name });
    expect(stdout).toMatch(words);
    expect(status).toBe(0);
  });

  it('says in one line which environment was meant, and exits 2', () => {
    const env = { ...inventoryIn(folder, TWO), PODLIFT_ENVIRONMENT: 'prd' };
    const { status, stdout, stderr } = podlift(['validate'], env);
    expect(stderr).toBe('podlift: PODLIFT_ENVIRONMENT is "prd": did you mean "prod"? environments: prod, dev\n');
    expect([status, stdout]).toEqual([2, '']);
  });

  it('ends quietly, with its own exit code, when its reader has gone', () => {
    const many = SOUND.replace('permissions: {', `permissions: { managedPolicies: [${policies(3000)}],`);
    const script = `set -o pipefail; "$0" src/cli/podlift.js validate --format json 2>&1 | true; echo "\${PIPESTATUS[0]}"`;
    const env = { ...process.env, ...inventoryIn(folder, many.replace('account: apps', 'account: app')) };
    const output = execFileSync('bash', ['-c', script, process.execPath], { env, encoding: 'utf8' });
    expect(output).toBe('1\n');
  });
});

function policies(count: number): string {
  return Array.from({ length: count }, (_, index) => `"arn:aws:iam::333333333333:policy/p${index}"`).join(', ');
}
