import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-cli-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(command: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}
const podlift = (words: string[], env: Record<string, string> = {}) => run(['cli/podlift.js', ...words], env);

function inventory(text: string): Record<string, string> {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, text);
  return { PODLIFT_INVENTORY: file };
}

const SOUND = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters: { main: { name: prod-main, version: "1.33", agent: { version: v1.3.4-eksbuild.1 } } }
workloads:
  api:
    namespace: shop
    serviceAccount: api
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;
const WRONG_ACCOUNT = SOUND.replace('account: apps', 'account: app');
const WARNED = SOUND.replace('"arn:aws:s3:::acme/*"', '"*"');

describe('podlift', () => {
  it.each([
    ['an unknown command', ['migrate'], /unknown command/],
    ['an unknown option', ['validate', '--fromat', 'json'], /unknown option '--fromat'/],
    ['a format that is none', ['validate', '--format', 'yaml'], /Allowed choices are text, json, github/],
    ['words too many', ['validate', 'now'], /too many arguments/],
  ])('answers %s with what is wrong and exit code 2', (_what, words, message) => {
    const { status, stderr } = podlift(words);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it('tells what there is, with --help, and exits 0', () => {
    const { status, stdout } = podlift(['--help']);
    expect(stdout).toMatch(/validate[\s\S]*sandbox[\s\S]*demo/);
    expect(status).toBe(0);
  });
});

describe('podlift validate', () => {
  it('exits 0 and says what it looked at when nothing is wrong', () => {
    const { status, stdout } = podlift(['validate'], inventory(SOUND));
    expect(stdout).toMatch(/no findings in 1 environments?, 1 workloads?/);
    expect(status).toBe(0);
  });

  it('exits 0 when all it found are warnings, and prints them', () => {
    const { status, stdout } = podlift(['validate'], inventory(WARNED));
    expect(stdout).toContain('warning');
    expect(status).toBe(0);
  });

  it('exits 1 on an error, and names file, line, column and the next step', () => {
    const { status, stdout } = podlift(['validate'], inventory(WRONG_ACCOUNT));
    expect(stdout).toMatch(/inventory\.yaml:5:14/);
    expect(stdout).toContain('apps');
    expect(status).toBe(1);
  });

  it('prints a list of findings as JSON, and an empty list for none', () => {
    const found = JSON.parse(podlift(['validate', '--format', 'json'], inventory(WRONG_ACCOUNT)).stdout) as object[];
    expect(Object.keys(found[0]!).sort()).toEqual([
      'column',
      'file',
      'hint',
      'line',
      'message',
      'path',
      'rule',
      'severity',
    ]);
    expect(JSON.parse(podlift(['validate', '--format', 'json'], inventory(SOUND)).stdout)).toEqual([]);
  });

  it('prints annotations for GitHub', () => {
    const { stdout } = podlift(['validate', '--format', 'github'], inventory(WRONG_ACCOUNT));
    expect(stdout).toMatch(/^::error file=.*,line=5,col=14,/);
  });

  it('finds what is over a quota, at its place in the file', () => {
    const text = SOUND.replace('permissions: {', `permissions: { managedPolicies: [${policies(11)}],`);
    const [finding] = JSON.parse(podlift(['validate', '--format', 'json'], inventory(text)).stdout) as object[];
    expect(finding).toMatchObject({ rule: 'quota', line: 12, severity: 'error' });
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
    const file = join(folder, 'inventory.yaml');
    make(file);
    const { status, stdout, stderr } = podlift(['validate', '--format', 'json'], { PODLIFT_INVENTORY: file });
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(status).toBe(1);
  });
});

describe('podlift demo', () => {
  it('says in one line what to install where there is no Terraform, and exits 2', () => {
    const { status, stderr, stdout } = podlift(['demo'], { TERRAFORM_BINARY_NAME: join(folder, 'none') });
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/Install Terraform 1\.10 or later/)]);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('main.ts', () => {
  const synth = (env: Record<string, string>) =>
    run(['-r', 'tsx/cjs', 'main.ts'], { CDKTF_OUTDIR: join(folder, 'out'), ...env });

  it('prints the findings and exits 1 before it writes anything', () => {
    const { status, stderr } = synth(inventory(WRONG_ACCOUNT));
    expect(stderr).toMatch(/inventory\.yaml:5:14/);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('writes the stacks into the folder that CDKTF_OUTDIR names', () => {
    expect(synth(inventory(SOUND)).status).toBe(0);
    expect(readdirSync(join(folder, 'out', 'stacks'))).toEqual(['prod-identity']);
  });

  const TWO = SOUND.replace('workloads:', '  dev: { account: apps, region: us-west-2, clusters: {} }\nworkloads:');

  it('limits itself to the environment that PODLIFT_ENVIRONMENT names', () => {
    expect(synth({ ...inventory(TWO), PODLIFT_ENVIRONMENT: 'prod' }).status).toBe(0);
    expect(readdirSync(join(folder, 'out', 'stacks'))).toEqual(['prod-identity']);
  });

  it('says which environments there are when that name is none of them', () => {
    const { status, stderr } = synth({ ...inventory(TWO), PODLIFT_ENVIRONMENT: 'prd' });
    expect(stderr).toMatch(/"prd".*prod, dev/);
    expect(status).toBe(1);
  });

  it('writes the same files each time', () => {
    const env = inventory(SOUND);
    const once = [1, 2].map((run_) => {
      synth({ ...env, CDKTF_OUTDIR: join(folder, `out${run_}`) });
      return readFileSync(join(folder, `out${run_}`, 'stacks/prod-identity/cdk.tf.json'), 'utf8');
    });
    expect(once[0]).toBe(once[1]);
  });
});

function policies(count: number): string {
  return Array.from({ length: count }, (_, index) => `"arn:aws:iam::333333333333:policy/p${index}"`).join(', ');
}
