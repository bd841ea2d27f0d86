import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prove } from '../../src/cli/commands/prove';
import type { Proof } from '../../src/proof/Proof';

const DENY = `
        - effect: Deny
          actions: [sts:AssumeRole]
          resources: ["*"]`;

const inventory = (statements: string) => `version: 1
accounts:
  apps: { id: "333333333333", deployRole: "arn:aws:iam::333333333333:role/podlift-deploy" }
  data: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }
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
waves:
  pilot: { soak: 7d, stages: { prod: irsa } }
workloads:
  orders:
    wave: pilot
    namespace: shop
    serviceAccount: orders
    sdk: { language: python, version: 1.35.0 }
    permissions:
      statements:
        - actions: [s3:GetObject]
          resources: ["arn:aws:s3:::acme/*"]${statements}
    targets:
      ledger:
        account: data
        permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::ledger/*"] }] }
`;

/** Where the Deny begins, counted from 1. */
const LINE =
  inventory(DENY)
    .split('\n')
    .findIndex((line) => line.includes('effect: Deny')) + 1;

const folder = mkdtempSync(join(tmpdir(), 'podlift-prove-'));
const before = { ...process.env };
afterAll(() => {
  rmSync(folder, { recursive: true });
  process.env = before;
});

function run(text: string, options: Parameters<typeof prove>[0]): { code: number; out: string } {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, text);
  process.env.PODLIFT_INVENTORY = file;
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const code = prove(options);
  const out = log.mock.calls.flat().join('\n');
  log.mockRestore();
  return { code, out };
}

it('says that the proof passed, with its counts, and which two steps need a gate', () => {
  const { code, out } = run(inventory(''), { format: 'text' });
  expect(code).toBe(0);
  expect(out).toContain('the proof passed');
  expect(out).toContain('needs a gate: cutover → pod-identity (1 in prod)');
  expect(out).toContain('needs a gate: dual → prepared (1 in prod)');
});

it('gives a failure the line of the statement that decided, and exits 1', () => {
  const { code, out } = run(inventory(DENY), { format: 'text' });
  expect(code).toBe(1);
  expect(out).toContain(`inventory.yaml:${LINE}:11  error`);
  expect(out).toContain('explicit deny by inline policy podlift of prod-orders, statement 1');
  expect(out).toContain('the proof failed');
});

it('prints one JSON object with places and the deciding statement', () => {
  const { out } = run(inventory(DENY), { format: 'json' });
  const { holds, failures } = JSON.parse(out) as Proof & { holds: boolean };
  expect(holds).toBe(false);
  expect(failures[0]).toMatchObject({ rule: 'proof-path', line: LINE, column: 11, decidedBy: { index: 1 } });
});

it('proves nothing of an inventory with errors, and says what to fix', () => {
  const { code, out } = run(inventory('').replace('wave: pilot', 'wave: pilots'), { format: 'text' });
  expect(code).toBe(1);
  expect(out).toContain('Nothing was proved. Fix the errors in');
});

it.each([
  [{ environment: 'prdo' }, '--environment is "prdo": did you mean "prod"? environments: prod'],
  [{ wave: 'pilots' }, '--wave is "pilots": did you mean "pilot"? waves: pilot'],
])('refuses a name that the inventory does not have: %o', (names, message) => {
  expect(() => run(inventory(''), { format: 'text', ...names })).toThrow(message);
  jest.restoreAllMocks();
});

it('says so when nothing is asked for', () => {
  const text = inventory('').replace('waves:\n', 'waves:\n  empty: { soak: 7d, stages: { prod: irsa } }\n');
  const { code, out } = run(text, { format: 'text', wave: 'empty' });
  expect([code, out.includes('nothing is proved')]).toEqual([0, true]);
});
