import { join } from 'node:path';
import { type StateLocation, stateLocation } from '../../src/blueprint/stateLocation';
import type { StateSettings } from '../../src/inventory/Inventory';
import { openBackend, readStates } from '../../src/runners/stateBackend';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { type HttpStates, startHttpStates } from './httpStates';
import { startWorkspaceServer, type WorkspaceServer } from './workspaceServer';

/** A state with a role of AWS, whose provider Terraform does not need to read or write the state. */
const STATE = (serial = 1): string =>
  JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial,
    lineage: 'aaaa-1',
    outputs: { inventory: { value: 'shop', type: 'string' } },
    resources: [
      {
        mode: 'managed',
        type: 'aws_iam_role',
        name: 'role',
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ schema_version: 0, attributes: { name: 'prod-api' }, sensitive_attributes: [] }],
      },
    ],
    check_results: null,
  });

const locationOf = (state: StateSettings): StateLocation => stateLocation('prod-identity', { state }, undefined);

afterAll(removeFolders);

/** Writes the state, reads it again with its resources, and refuses an older one. */
async function writesAndReads(location: StateLocation, env: NodeJS.ProcessEnv): Promise<void> {
  const backend = await openBackend(location, env);
  try {
    expect(await backend.pull()).toMatchObject({ ok: true, content: { resources: [] } });
    expect(await backend.push(STATE(3))).toBeUndefined();
    expect(await backend.pull()).toMatchObject({
      ok: true,
      content: { serial: expect.any(Number), inventory: 'shop', resources: [{ type: 'aws_iam_role' }] },
    });
    expect(await backend.push(STATE(1))).toMatch(/Failed to write state|serial/);
  } finally {
    backend.close();
  }
}

describe('an http state', () => {
  let server: HttpStates;
  beforeAll(async () => {
    server = await startHttpStates();
  });
  beforeEach(() => {
    server.states.clear();
    server.locks.clear();
    server.requests.length = 0;
    server.password = '';
  });
  afterAll(() => server.stop());
  const state = (more = {}): StateSettings => ({
    http: { address: `${server.endpoint}/{stack}`, lockAddress: `${server.endpoint}/{stack}/lock`, ...more },
  });

  it('is written under a lock, which is removed where it was taken', async () => {
    await writesAndReads(locationOf(state()), process.env);
    expect(server.requests).toContain('LOCK /prod-identity/lock');
    expect(server.requests).toContain('POST /prod-identity locked');
    expect(server.requests).toContain('UNLOCK /prod-identity/lock');
    expect([...server.locks]).toEqual([]);
  });

  it('is locked and written by the methods that GitLab has', async () => {
    const gitlab = state({ lockMethod: 'POST', unlockMethod: 'DELETE' });
    await writesAndReads(locationOf(gitlab), process.env);
    expect(server.requests).toContain('POST /prod-identity/lock');
    expect(server.requests).toContain('DELETE /prod-identity/lock');
    expect(server.requests.filter((request) => /^(LOCK|UNLOCK) /.test(request))).toEqual([]);
  });

  it('is not written while somebody else has the lock', async () => {
    const lock = { ID: '11111111-2222-3333-4444-555555555555', Operation: 'OperationTypeApply', Who: 'ci@build' };
    server.locks.set('/prod-identity', JSON.stringify(lock));
    const backend = await openBackend(locationOf(state()));
    expect(await backend.push(STATE())).toMatch(/Error (acquiring|locking).*state/);
    backend.close();
    expect([...server.states]).toEqual([]);
  });

  it('is read with the password of the environment, which stands nowhere else', async () => {
    server.password = 'me:hunter2';
    server.states.set('/prod-identity', STATE());
    const locations = new Map([['prod-identity', locationOf(state())]]);
    expect((await readStates(locations, {})).get('prod-identity')).toMatchObject({
      ok: false,
      message: expect.stringContaining('requires auth'),
    });
    const env = { ...process.env, TF_HTTP_USERNAME: 'me', TF_HTTP_PASSWORD: 'hunter2' };
    expect((await readStates(locations, { env })).get('prod-identity')).toMatchObject({
      ...{ ok: true, content: { inventory: 'shop', resources: [{ type: 'aws_iam_role' }] } },
    });
  });
});

describe('a state in a workspace', () => {
  let server: WorkspaceServer;
  beforeAll(async () => {
    server = await startWorkspaceServer();
  });
  beforeEach(() => {
    server.workspaces.clear();
    server.locked.clear();
    server.requests.length = 0;
  });
  afterAll(() => server.stop());
  const environment = (token?: string): NodeJS.ProcessEnv => ({
    ...process.env,
    TF_CLI_CONFIG_FILE: join(folderOf({ 'cli.tfrc': server.configuration('tfe.acme.com', token) }), 'cli.tfrc'),
  });
  const WORKSPACE = { organization: 'acme', hostname: 'tfe.acme.com', prefix: 'podlift-' };

  it.each([
    ['a cloud block', { cloud: { ...WORKSPACE, project: 'Shops' } }],
    ['the backend remote', { remote: WORKSPACE }],
  ])('is written and read by %s, with the token of the CLI configuration', async (_what, state) => {
    await writesAndReads(locationOf(state), environment());
    expect([...server.workspaces.keys()]).toEqual(['acme/podlift-prod-identity']);
    expect(server.requests.some((request) => request.endsWith('/actions/lock'))).toBe(true);
    expect([...server.locked]).toEqual([]);
  });

  it('says why it cannot be read', async () => {
    const states = await readStates(new Map([['prod-identity', locationOf({ cloud: WORKSPACE })]]), {
      env: environment('another'),
    });
    expect(states.get('prod-identity')).toMatchObject({ ok: false, message: expect.stringMatching(/^Error: /) });
  });
});

describe('the arguments of a state that no server here answers', () => {
  const AZURE = {
    storageAccountName: 'acmestate',
    containerName: 'tfstate',
    prefix: 'podlift',
    resourceGroupName: 'tf',
    subscriptionId: '00000000-0000-0000-0000-000000000001',
    tenantId: '00000000-0000-0000-0000-000000000002',
    clientId: '00000000-0000-0000-0000-000000000003',
    environment: 'usgovernment' as const,
    useAzureadAuth: true,
    useOidc: true,
    useMsi: false,
    snapshot: true,
  };
  const GCS = {
    bucket: 'acme',
    prefix: 'podlift',
    kmsEncryptionKey: 'projects/p/locations/l/keyRings/r/cryptoKeys/k',
    impersonateServiceAccount: 'tf@acme.iam.gserviceaccount.com',
  };

  // Terraform checks the arguments first, and then the credentials, which are no credentials here.
  it.each<readonly [string, StateSettings, NodeJS.ProcessEnv, RegExp]>([
    ['gcs', { gcs: GCS }, { GOOGLE_CREDENTIALS: '{' }, /^Error: the string provided in credentials is neither/],
    ['azurerm', { azurerm: AZURE }, { ARM_CLIENT_CERTIFICATE: '!!' }, /^Error: could not decode client certificate/],
  ])('are known to Terraform: %s', async (_type, state, env, message) => {
    const states = await readStates(new Map([['prod-identity', locationOf(state)]]), {
      env: { ...process.env, ...env },
    });
    expect(states.get('prod-identity')).toEqual({ ok: false, message: expect.stringMatching(message) });
  });

  it('would be refused if one were unknown', async () => {
    const wrong = Object.assign(locationOf({ gcs: GCS }), { nonsense: 'x' });
    const states = await readStates(new Map([['prod-identity', wrong]]), {
      env: { ...process.env, GOOGLE_CREDENTIALS: '{' },
    });
    expect(states.get('prod-identity')).toMatchObject({ message: expect.stringContaining('Extraneous') });
  });
});
