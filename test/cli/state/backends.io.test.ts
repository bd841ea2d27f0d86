import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recover } from '../../../src/cli/commands/recover';
import { stateMove } from '../../../src/cli/commands/state';
import { type Sandbox, startSandbox } from '../../../src/sandbox/startSandbox';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { type HttpStates, startHttpStates } from '../../runners/httpStates';
import { startWorkspaceServer, type WorkspaceServer } from '../../runners/workspaceServer';
import { inventory, resourcesIn, stateOf } from './movedInventory';

const LOCK = {
  ID: '11111111-2222-3333-4444-555555555555',
  Operation: 'OperationTypeApply',
  Who: 'ci@build',
  Version: '1.11.4',
  Created: '2026-11-20T10:00:00Z',
};
const HOST = 'tfe.acme.com';
const CLOUD = `state: { cloud: { organization: acme, hostname: ${HOST}, prefix: podlift- } }`;
const WORKSPACE = 'acme/podlift-prod-identity';

let http: HttpStates;
let workspaces: WorkspaceServer;
let aws: Sandbox;
let home: string;
let printed: string[];
const env = { ...process.env };
beforeAll(async () => {
  home = process.cwd();
  http = await startHttpStates();
  workspaces = await startWorkspaceServer();
  aws = await startSandbox({
    seed: { ambientAccount: '333333333333', clusters: [], oidcProviders: [], policies: [], roles: [] },
  });
});
beforeEach(() => {
  printed = [];
  for (const level of ['log', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((...texts: unknown[]) => {
      printed.push(String(texts[0]));
    });
  http.states.clear();
  http.locks.clear();
  workspaces.workspaces.clear();
  workspaces.locked.clear();
});
afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(home);
  process.env = { ...env };
});
afterAll(async () => {
  removeFolders();
  await Promise.all([http.stop(), workspaces.stop(), aws.stop()]);
});

const overHttp = (): string =>
  `state: { http: { address: "${http.endpoint}/{stack}", lockAddress: "${http.endpoint}/{stack}/lock" } }`;

/** A repository in which an inventory was committed, and then changed. */
function changed(before: string, after: string): void {
  const folder = folderOf({ 'inventory.yaml': before, 'cli.tfrc': workspaces.configuration(HOST) });
  process.chdir(folder);
  const git = (...words: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words]);
  };
  git('init', '-q');
  git('add', 'inventory.yaml');
  git('commit', '-q', '-m', 'before');
  writeFileSync('inventory.yaml', after);
  process.env = {
    ...env,
    ...aws.environment(),
    PODLIFT_INVENTORY: join(folder, 'inventory.yaml'),
    TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'),
  };
}

describe('podlift state move --base', () => {
  it('moves local files to an http state, and recover reads them there', async () => {
    changed(inventory(undefined), inventory(undefined, overHttp()));
    writeFileSync('terraform.prod-identity.tfstate', stateOf());
    expect([await stateMove({ base: 'HEAD' }), printed.join('\n')]).toEqual([
      0,
      expect.stringContaining(
        `prod-identity: moved from terraform.prod-identity.tfstate to ${http.endpoint}/prod-identity`,
      ),
    ]);
    expect(resourcesIn(http.states.get('/prod-identity')!)).toBe(1);
    expect(resourcesIn(readFileSync('terraform.prod-identity.tfstate', 'utf8'))).toBe(0);
    expect([...http.locks]).toEqual([]);

    printed = [];
    await recover({ format: 'json' });
    const { resources } = JSON.parse(printed.at(-1)!) as { resources: { kind: string }[] };
    expect(resources.filter(({ kind }) => kind === 'state')).toEqual([]);
  });

  it('moves an http state to a workspace and back, and needs no record of Terraform', async () => {
    changed(inventory(undefined, overHttp()), inventory(undefined, CLOUD));
    http.states.set('/prod-identity', stateOf());
    expect([await stateMove({ base: 'HEAD' }), printed.join('\n')]).toEqual([
      0,
      expect.stringContaining(`to https://${HOST}/app/acme/workspaces/podlift-prod-identity`),
    ]);
    expect(resourcesIn(workspaces.workspaces.get(WORKSPACE)!)).toBe(1);
    expect(resourcesIn(http.states.get('/prod-identity')!)).toBe(0);

    changed(inventory(undefined, CLOUD), inventory(undefined, overHttp()));
    expect([await stateMove({ base: 'HEAD' }), printed.join('\n')]).toEqual([0, expect.stringContaining('moved from')]);
    expect(resourcesIn(http.states.get('/prod-identity')!)).toBe(1);
    expect(resourcesIn(workspaces.workspaces.get(WORKSPACE)!)).toBe(0);
  });

  it('moves the folder of local states', async () => {
    changed(
      inventory('shop', 'state: { local: { folder: states } }'),
      inventory('shop', 'state: { local: { folder: other/states } }'),
    );
    mkdirSync('states');
    writeFileSync('states/shop.prod-identity.tfstate', stateOf());
    expect([await stateMove({ base: 'HEAD' }), printed.join('\n')]).toEqual([0, expect.stringContaining('moved from')]);
    expect(resourcesIn(readFileSync('other/states/shop.prod-identity.tfstate', 'utf8'))).toBe(1);
  });

  it('moves nothing where a cloud block takes the place of the backend remote', async () => {
    changed(inventory(undefined, CLOUD.replace('cloud', 'remote')), inventory(undefined, CLOUD));
    workspaces.workspaces.set(WORKSPACE, stateOf());
    expect([await stateMove({ base: 'HEAD' }), printed.join('\n')]).toEqual([
      0,
      expect.stringContaining('prod-identity: the place is the same in HEAD'),
    ]);
    expect(workspaces.workspaces.get(WORKSPACE)).toBe(stateOf());
  });

  it('forgets the workspace that a cloud block had selected: another backend would look for the state of a workspace of this name', async () => {
    changed(inventory(undefined, CLOUD), inventory(undefined, overHttp()));
    workspaces.workspaces.set(WORKSPACE, stateOf());
    const data = 'cdktf.out/stacks/prod-identity/.terraform';
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'environment'), 'podlift-prod-identity');
    const config = { organization: 'acme', hostname: HOST, workspaces: { name: 'podlift-prod-identity' } };
    writeFileSync(join(data, 'terraform.tfstate'), JSON.stringify({ version: 3, backend: { type: 'cloud', config } }));
    expect(await stateMove({ base: 'HEAD' })).toBe(0);
    expect([existsSync(join(data, 'terraform.tfstate')), existsSync(join(data, 'environment'))]).toEqual([
      false,
      false,
    ]);
  });

  it.each([
    ['an http state', () => overHttp(), /curl --fail --request UNLOCK http:\/\/127\.0\.0\.1:\d+\/prod-identity\/lock/],
    ['a workspace', () => CLOUD, /unlock the workspace:\n +https:\/\/tfe\.acme\.com\/app\/acme\/workspaces\/podlift-/],
  ])('moves nothing while somebody has the lock of %s, and says how it is removed', async (_what, before, advice) => {
    changed(inventory(undefined, before()), inventory(undefined));
    http.states.set('/prod-identity', stateOf());
    http.locks.set('/prod-identity', JSON.stringify(LOCK));
    workspaces.workspaces.set(WORKSPACE, stateOf());
    workspaces.locked.add(WORKSPACE);
    expect(await stateMove({ base: 'HEAD' })).toBe(1);
    expect(printed.join('\n')).toMatch(advice);
    expect(existsSync('terraform.prod-identity.tfstate')).toBe(false);
  });

  it.each([
    [{ base: 'HEAD', from: 'shop' }, /--base does not go with --from/],
    [{ base: 'nope' }, /git has no commit "nope"/],
  ])('refuses %j', async (options, message) => {
    changed(inventory(undefined), inventory(undefined, overHttp()));
    await expect(stateMove(options)).rejects.toThrow(message);
  });
});

describe('an inventory that gets a name', () => {
  it('moves its http state', async () => {
    changed(inventory(undefined, overHttp()), inventory('shop', overHttp()));
    http.states.set('/prod-identity', stateOf());
    expect(await stateMove({})).toBe(0);
    expect(printed.join('\n')).toContain(`to ${http.endpoint}/shop_prod-identity`);
    expect(resourcesIn(http.states.get('/shop_prod-identity')!)).toBe(1);
  });

  it('moves its workspaces', async () => {
    changed(inventory(undefined, CLOUD), inventory('shop', CLOUD));
    workspaces.workspaces.set(WORKSPACE, stateOf());
    expect(await stateMove({})).toBe(0);
    expect(resourcesIn(workspaces.workspaces.get('acme/podlift-shop_prod-identity')!)).toBe(1);
  });
});
