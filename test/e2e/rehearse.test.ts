import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-rehearse-test-'))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** One wave of one workload with a target in another account, at `irsa`. */
const INVENTORY = `version: 1
accounts:
  apps: { id: "111111111111" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/deploy" }
environments:
  dev:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: dev-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
waves:
  pilot: { soak: 7d, stages: { dev: irsa } } # the first one
workloads:
  api:
    wave: pilot
    namespace: shop
    serviceAccount: api
    sdk: { language: python, version: 1.35.0 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
    targets: { ledger: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } }
`;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function rehearse(inventory: string, arguments_: string[], env: Record<string, string> = {}): Promise<Run> {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, inventory);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['src/cli/podlift.js', 'rehearse', ...arguments_],
      { env: { ...process.env, PODLIFT_INVENTORY: file, NO_COLOR: '1', ...env } },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

/** The cells of the table’s rows. */
const rows = ({ stdout }: Run) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) => line.split('│').map((cell) => cell.trim()));

describe('a rehearsal', () => {
  // The demo's test has the steps to pod-identity and back.
  it('walks a wave from irsa to dual and back, and nobody is denied but the pods that a rollback restarts', async () => {
    const run = await rehearse(INVENTORY, ['--to', 'dual']);
    expect(run.stderr).not.toContain('Error');
    const steps = rows(run).map(([, , wave, step, , , , , , denials]) => [wave, step, denials]);
    expect(steps).toEqual([
      ['-', 'as it stands', '-'],
      ['pilot', 'irsa → prepared', '-'],
      ['pilot', 'prepared → dual', '-'],
      ['pilot', 'dual → prepared', expect.stringMatching(/^\d+ until restarted$/)],
      ['pilot', 'prepared → irsa', '-'],
    ]);
    // Each step back to irsa takes an association or the agent away, and never a role.
    expect(rows(run).map((row) => row[6])).toEqual(['0', '0', '0', '1', '1']);
    expect(run.code).toBe(0);
    expect(readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(INVENTORY);
  }, 900_000);

  it('stops when a gate fails, and shows the reason', async () => {
    const run = await rehearse(INVENTORY.replace('version: 1.35.0', 'version: 1.30.0'), ['--to', 'prepared']);
    expect(run.stdout).toMatch(/FAIL.*sdk.*1\.30\.0/);
    expect(run.stdout).toMatch(/stopped after 0 steps/);
    expect(run.code).toBe(1);
  }, 900_000);

  it('names the pod that is denied, when, and the statement', async () => {
    const denied = INVENTORY.replace(
      'statements: [',
      'statements: [{ effect: Deny, actions: ["sts:AssumeRole"], resources: ["arn:aws:iam::444444444444:role/*"] }, ',
    );
    const run = await rehearse(denied, [], { PODLIFT_PROOF: 'off' });
    expect(run.stdout).toMatch(
      /\d{4}-\d\d-\d\dT.*as dev stands: pod shop\/api-\S+ on dev\/main \(IRSA\), ledger: AccessDenied[^]*explicit deny by.*statement 0/,
    );
    expect(run.code).toBe(1);
  }, 900_000);

  it.each([
    [['--wave', 'pliot'], /--wave is "pliot": did you mean "pilot"\?/],
    [['--environment', 'div'], /--environment is "div": did you mean "dev"\?/],
    [['--to', 'dul'], /'dul' is invalid/],
  ])('does not begin with %j', async (arguments_, message) => {
    const run = await rehearse(INVENTORY, arguments_);
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(2);
  });
});

/** Beside the wave, an entry of one line that adopts a role which stands on IRSA, and says that it is on Pod Identity. */
const AHEAD = `${INVENTORY.replace(', provider: managed', '').replace('        agent:', '        kubernetes: { context: dev-main }\n        agent:')}  external-dns:
    stage: pod-identity
    namespace: kube-system
    serviceAccount: external-dns
    role: { name: prod-external-dns-irsa, adopt: true }
`;

describe('a rehearsal of an inventory that is ahead of AWS', () => {
  it('fails at the first apply: running pods of the adopted role lose it', async () => {
    const { code, stdout } = await rehearse(AHEAD, ['--wave', 'pilot']);
    expect(code).toBe(1);
    const [first] = rows({ code, stdout, stderr: '' });
    // Six resources of AWS, an account and two annotations: the stack of service accounts is applied by its resources.
    expect(first?.join(' ')).toMatch(/as it stands 9 1 0 .* DENIED/);
    expect(stdout).toMatch(/pod kube-system\/external-dns-\S+ on dev\/main \(IRSA\), source role: AccessDenied/);
  }, 900_000);

  it('is no success where there is no step to take', async () => {
    const alone = AHEAD.replace(/ {2}api:[\s\S]*?(?= {2}external-dns:)/, '');
    const { code, stdout } = await rehearse(alone, []);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Nothing was rehearsed: there is no step to take\./);
  });
});
