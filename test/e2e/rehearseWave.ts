import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stage } from '../../src/inventory/Inventory';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-rehearse-test-'))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** One wave of one workload with a target in another account, at `irsa`. */
export const INVENTORY = `version: 1
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

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `podlift rehearse` on an inventory with the real Terraform. */
export function rehearse(inventory: string, arguments_: string[], env: Record<string, string> = {}): Promise<Run> {
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
export const rows = ({ stdout }: Run) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) => line.split('│').map((cell) => cell.trim()));

interface Walk {
  readonly to: Stage;
  /** The steps there and back, each with its number of destroyed resources and its denials. */
  readonly steps: readonly (readonly [step: string, destroyed: string, denials: unknown])[];
}

/** From `irsa`; the demo's test has the steps to pod-identity and back. */
const UNTIL_RESTARTED: unknown = expect.stringMatching(/^\d+ until restarted$/);
/** New pods wait for their credentials where the webhook saw the association before EKS Auth. */
const UNTIL_EFFECTIVE: unknown = expect.stringMatching(/^(-|\d+ until effective)$/);
export const SHORT_WALK: Walk = {
  to: 'prepared',
  steps: [
    ['irsa → prepared', '0', '-'],
    ['prepared → irsa', '1', '-'],
  ],
};
export const WALKS: readonly Walk[] = [
  SHORT_WALK,
  {
    to: 'dual',
    // Each step back to irsa takes an association or the agent away, and never a role.
    steps: [
      ['irsa → prepared', '0', '-'],
      ['prepared → dual', '0', UNTIL_EFFECTIVE],
      ['dual → prepared', '1', UNTIL_RESTARTED],
      ['prepared → irsa', '1', '-'],
    ],
  },
];

/** Tests that a rehearsal walks the wave there and back, and that nobody is denied but the pods that a rollback restarts. */
export function rehearseWalks(walks: readonly Walk[]): void {
  it.each(walks)(
    'walks a wave from irsa to $to and back, and nobody is denied but the pods that a rollback restarts',
    async ({ to, steps }) => {
      const run = await rehearse(INVENTORY, ['--to', to]);
      expect(run.stderr).not.toContain('Error');
      const walked = rows(run).map(([, , wave, step, , , destroyed, , , denials]) => [wave, step, destroyed, denials]);
      expect(walked).toEqual([['-', 'before the first step', '0', '-'], ...steps.map((step) => ['pilot', ...step])]);
      expect(run.code).toBe(0);
      expect(readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(INVENTORY);
    },
  );
}
