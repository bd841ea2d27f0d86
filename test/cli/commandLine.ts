import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A sound inventory of one environment, account, cluster and workload. */
export const SOUND = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters: { main: { name: prod-main, version: "1.33", agent: { version: v1.3.4-eksbuild.1 } } }
workloads:
  api:
    stage: pod-identity
    namespace: shop
    serviceAccount: api
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;

/** A sound inventory of one wave at dual, with one workload on one cluster of one account. */
export const PILOT = `version: 1
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
waves:
  pilot: { stages: { prod: dual } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;

/** A folder of its own for each test, gone after it. */
export function useFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(() => (folder.path = mkdtempSync(join(tmpdir(), 'podlift-cli-'))));
  afterEach(() => {
    rmSync(folder.path, { recursive: true });
  });
  return folder;
}

/** Writes an inventory into a folder; gives the variable that names it. */
export function inventoryIn(folder: { readonly path: string }, text: string): Record<string, string> {
  const file = join(folder.path, 'inventory.yaml');
  writeFileSync(file, text);
  return { PODLIFT_INVENTORY: file };
}

/** Runs node with these arguments to its end. */
export function run(command: string[], env: Record<string, string> = {}, cwd = process.cwd()) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}
