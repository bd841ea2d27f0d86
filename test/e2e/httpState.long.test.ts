import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { type HttpStates, startHttpStates } from '../runners/httpStates';

const PODLIFT = resolve('src/cli/podlift.js');

let http: HttpStates;
beforeAll(async () => {
  http = await startHttpStates();
});
afterAll(async () => {
  removeFolders();
  await http.stop();
});

const inventory = (name: string): string => `version: 1
name: ${name}
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    state: { http: { address: "${http.endpoint}/{stack}", lockAddress: "${http.endpoint}/{stack}/lock" } }
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111" }
        agent: { version: v1.3.4-eksbuild.1 }
workloads:
  api: { stage: irsa, because: test, namespace: shop, serviceAccount: { name: api, manage: none }, permissions: { managedPolicies: [ReadOnlyAccess] } }
`;

describe('podlift with its states on an http server', () => {
  it('applies under a lock, finds every resource in the state, moves it with the name, and plans no change', async () => {
    const folder = folderOf({ 'inventory.yaml': inventory('store') });
    writeFileSync(join(folder, 'renamed.yaml'), inventory('shop'));
    // On the sandbox all states are local files, unless this variable is gone.
    const commands = [
      'unset PODLIFT_STATE_DIRECTORY',
      `node ${PODLIFT} apply --auto-approve`,
      `node ${PODLIFT} recover --environment prod`,
      'cp renamed.yaml inventory.yaml',
      `node ${PODLIFT} state move --from store`,
      `node ${PODLIFT} plan --detailed-exitcode`,
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [PODLIFT, 'sandbox', '--', 'sh', '-ec', commands.join('\n')],
      { cwd: folder, env: { ...process.env, PODLIFT_INVENTORY: join(folder, 'inventory.yaml') } },
    );
    expect(stdout).toContain('Nothing is missing in the states of prod');
    expect(stdout).toContain(
      `prod-identity: moved from ${http.endpoint}/store_prod-identity to ${http.endpoint}/shop_prod-identity`,
    );
    expect(readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toContain('name: shop');
    expect([...http.states.keys()].sort()).toEqual(['/shop_prod-identity', '/store_prod-identity']);
    expect(http.requests).toContain('LOCK /store_prod-identity/lock');
    expect(http.requests).toContain('POST /store_prod-identity locked');
    expect([...http.locks]).toEqual([]);
  });
});
