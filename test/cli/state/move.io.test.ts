import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateMove } from '../../../src/cli/commands/state';
import { recover } from '../../../src/cli/commands/recover';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { type Sandbox, startSandbox } from '../../../src/sandbox/startSandbox';
import { inventory, resourcesIn, ROLE, stateOf } from './movedInventory';
import { type StateServer, startStateServer } from './stateServer';

let folder: string;
let home: string;
let printed: string[];
const env = { ...process.env };
function start(text: string): void {
  folder = folderOf({ 'inventory.yaml': text });
  process.chdir(folder);
  process.env.PODLIFT_INVENTORY = join(folder, 'inventory.yaml');
}
beforeAll(() => {
  home = process.cwd();
});
beforeEach(() => {
  printed = [];
  for (const level of ['log', 'error'] as const)
    jest.spyOn(console, level).mockImplementation((...texts: unknown[]) => {
      printed.push(String(texts[0]));
    });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(home);
  process.env = { ...env };
});
afterAll(removeFolders);

const OLD = 'terraform.prod-identity.tfstate';
const NEW = 'terraform.shop.prod-identity.tfstate';

describe('podlift state move', () => {
  it('moves the local state of an inventory that got a name, keeps a copy, and empties the old place', async () => {
    start(inventory('shop'));
    writeFileSync(OLD, stateOf());
    expect(await stateMove({})).toBe(0);
    expect(printed.join('\n')).toContain(`prod-identity: moved from ${OLD} to ${NEW}`);
    expect(JSON.parse(readFileSync(NEW, 'utf8'))).toMatchObject({ lineage: 'aaaa-1', serial: 4 });
    expect(resourcesIn(readFileSync(NEW, 'utf8'))).toBe(1);
    expect(resourcesIn(readFileSync(OLD, 'utf8'))).toBe(0);
    const [copy] = readdirSync('.podlift/states');
    expect(resourcesIn(readFileSync(join('.podlift/states', copy!), 'utf8'))).toBe(1);
  });

  it('goes on where a killed move ended, and does nothing the third time', async () => {
    start(inventory('shop'));
    writeFileSync(OLD, stateOf());
    writeFileSync(NEW, stateOf());
    expect(await stateMove({})).toBe(0);
    expect(resourcesIn(readFileSync(OLD, 'utf8'))).toBe(0);
    expect(await stateMove({})).toBe(0);
    expect(printed.at(-1)).toContain('has the state already');
    expect(resourcesIn(readFileSync(NEW, 'utf8'))).toBe(1);
  });

  it.each([
    [
      'of other workloads',
      stateOf('arn:aws:iam::333333333333:role/prod-other'),
      undefined,
      'is a state of another inventory',
    ],
    [
      'whose new place has another state',
      stateOf(),
      stateOf('arn:aws:iam::333333333333:role/prod-other', 'shop', 9, 'bbbb-2'),
      'has another state with resources',
    ],
    ['that is damaged', stateOf().slice(0, 200), undefined, OLD],
  ])('refuses a state %s, and changes nothing', async (_, old, there, message) => {
    start(inventory('shop'));
    writeFileSync(OLD, old);
    if (there !== undefined) writeFileSync(NEW, there);
    expect(await stateMove({})).toBe(1);
    expect(printed.join('\n')).toContain(message);
    expect(readFileSync(OLD, 'utf8')).toBe(old);
    if (there === undefined) expect(existsSync(NEW)).toBe(false);
    else expect(readFileSync(NEW, 'utf8')).toBe(there);
  });

  it('moves from an earlier name', async () => {
    start(inventory('shop'));
    writeFileSync('terraform.store.prod-identity.tfstate', stateOf(ROLE, 'store'));
    expect(await stateMove({ from: 'store' })).toBe(0);
    expect(resourcesIn(readFileSync(NEW, 'utf8'))).toBe(1);
  });

  it('says that there is nothing to move without a name', async () => {
    start(inventory(undefined));
    await expect(stateMove({})).rejects.toThrow('the inventory has no name');
  });

  it('forgets the record of the backend, so that the next init does not stop', async () => {
    start(inventory('shop'));
    writeFileSync(OLD, stateOf());
    const record = 'cdktf.out/stacks/prod-identity/.terraform/terraform.tfstate';
    mkdirSync(join(record, '..'), { recursive: true });
    writeFileSync(
      record,
      JSON.stringify({ version: 3, backend: { type: 'local', config: { path: join(folder, OLD) } } }),
    );
    expect(await stateMove({})).toBe(0);
    expect(existsSync(record)).toBe(false);
  });
});

describe('the synthesis', () => {
  const synth = (extra: NodeJS.ProcessEnv = {}) =>
    spawnSync(
      process.execPath,
      ['-r', join(home, 'node_modules/tsx/dist/preflight.cjs'), '-r', 'tsx/cjs', join(home, 'main.ts')],
      {
        cwd: folder,
        env: {
          ...process.env,
          ...extra,
          NODE_PATH: join(home, 'node_modules'),
          CDKTF_OUTDIR: join(folder, 'cdktf.out'),
        },
        encoding: 'utf8',
      },
    );
  const outcome = (extra: NodeJS.ProcessEnv = {}) => {
    const { status, stderr } = synth(extra);
    return { status, stderr };
  };

  it('accepts its own state, also without the output of an earlier version, and after more workloads', () => {
    start(
      inventory(undefined).replace(
        'workloads:',
        'workloads:\n  web: { stage: irsa, because: test, namespace: shop, serviceAccount: { name: web, manage: none } }',
      ),
    );
    for (const text of [stateOf(), stateOf().replace('"inventory"', '"other"')]) {
      writeFileSync(OLD, text);
      expect(outcome()).toMatchObject({ status: 0 });
    }
  });

  it('refuses the state of another inventory without a name in the same folder', () => {
    start(inventory(undefined));
    writeFileSync(OLD, stateOf('arn:aws:iam::333333333333:role/prod-other'));
    const refused = outcome();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('Write `name: NAME` at the top of this inventory');
    expect(existsSync(join(folder, 'cdktf.out/stacks'))).toBe(false);
    expect(outcome({ PODLIFT_STATE_CHECK: 'off' }).status).toBe(0);
  });

  it('refuses a state whose output names another inventory', () => {
    start(inventory('shop'));
    writeFileSync(NEW, stateOf(ROLE, 'store'));
    expect(outcome().stderr).toContain('of the inventory "store"');
  });

  it('asks for a move where the state is still at the place without a name', () => {
    start(inventory('shop'));
    writeFileSync(OLD, stateOf());
    const refused = outcome();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('npx podlift state move --environment prod');
  });

  it.each([
    ['with another name', inventory('store'), ' --from shop'],
    ['without a name', inventory(undefined), ' --from shop'],
  ])('prints a move that works where the state is at the place of an earlier name: %s', async (_what, text, from) => {
    start(text);
    writeFileSync(NEW, stateOf(ROLE, 'shop'));
    const refused = outcome();
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`npx podlift state move --environment prod${from}\\)?\n`)),
    ]);
    expect(await stateMove({ environment: 'prod', from: 'shop' })).toBe(0);
    expect(outcome().status).toBe(0);
  });

  it('leaves the state without a name to another inventory', () => {
    start(inventory('shop'));
    writeFileSync(OLD, stateOf('arn:aws:iam::333333333333:role/prod-other'));
    expect(outcome().status).toBe(0);
    const stack = JSON.parse(readFileSync(join(folder, 'cdktf.out/stacks/prod-identity/cdk.tf.json'), 'utf8')) as {
      terraform: { backend: { local: { path: string } } };
      output: { inventory: { value: string } };
    };
    expect(stack.terraform.backend.local.path).toBe(join(folder, NEW));
    expect(stack.output.inventory.value).toBe('shop');
  });
});

describe('states in S3', () => {
  let server: StateServer;
  let aws: Sandbox;
  beforeAll(async () => {
    server = await startStateServer();
    aws = await startSandbox({
      seed: { ambientAccount: '333333333333', clusters: [], oidcProviders: [], policies: [], roles: [] },
    });
  });
  afterAll(async () => {
    await server.stop();
    await aws.stop();
  });
  const S3 = 'state: { s3: { bucket: acme-state, region: us-west-2, prefix: podlift } }';
  const inS3 = (text: string) => {
    start(text);
    process.env = {
      ...env,
      ...aws.environment(),
      AWS_ENDPOINT_URL_S3: server.endpoint,
      // The bucket is no host name here.
      TF_CLI_ARGS_init: '-backend-config=use_path_style=true',
      PODLIFT_INVENTORY: join(folder, 'inventory.yaml'),
    };
  };

  it('are moved to the key with the name, and recover reads them there', async () => {
    inS3(inventory('shop', S3));
    server.objects.set('acme-state/podlift/prod-identity.tfstate', Buffer.from(stateOf()));
    expect([await stateMove({}), printed.join('\n')]).toEqual([0, expect.stringContaining('prod-identity: moved')]);
    expect(printed.join('\n')).toContain(
      'moved from s3://acme-state/podlift/prod-identity.tfstate to s3://acme-state/podlift/shop/prod-identity.tfstate',
    );
    expect(resourcesIn(server.objects.get('acme-state/podlift/shop/prod-identity.tfstate')!.toString())).toBe(1);
    expect(resourcesIn(server.objects.get('acme-state/podlift/prod-identity.tfstate')!.toString())).toBe(0);
    expect([...server.objects.keys()].filter((key) => key.endsWith('.tflock'))).toEqual([]);

    printed = [];
    await recover({ format: 'json' });
    const { resources } = JSON.parse(printed.at(-1)!) as { resources: { kind: string }[] };
    expect(resources.filter(({ kind }) => kind === 'state')).toEqual([]);
  });

  it('with a lock that a killed Terraform left are not moved until the lock is removed', async () => {
    inS3(inventory('shop', S3));
    server.objects.clear();
    server.objects.set('acme-state/podlift/prod-identity.tfstate', Buffer.from(stateOf()));
    const lock = {
      ID: '11111111-2222-3333-4444-555555555555',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: 'ci@build',
      Version: '1.11.4',
      Created: '2026-11-20T10:00:00Z',
      Path: 'x',
    };
    server.objects.set('acme-state/podlift/shop/prod-identity.tfstate.tflock', Buffer.from(JSON.stringify(lock)));
    expect(await stateMove({})).toBe(1);
    expect(printed.join('\n')).toMatch(/Error acquiring the state lock/);
    expect(printed.join('\n')).toContain(
      'aws s3 rm s3://acme-state/podlift/shop/prod-identity.tfstate.tflock --region us-west-2',
    );
    expect(resourcesIn(server.objects.get('acme-state/podlift/prod-identity.tfstate')!.toString())).toBe(1);
    server.objects.delete('acme-state/podlift/shop/prod-identity.tfstate.tflock');
    // Somebody applies to the old place meanwhile: nothing is copied before the end.
    server.objects.set('acme-state/podlift/prod-identity.tfstate.tflock', Buffer.from(JSON.stringify(lock)));
    expect(await stateMove({})).toBe(1);
    expect(server.objects.has('acme-state/podlift/shop/prod-identity.tfstate')).toBe(false);
    server.objects.set('acme-state/podlift/prod-identity.tfstate', Buffer.from(stateOf(ROLE, undefined, 5)));
    server.objects.delete('acme-state/podlift/prod-identity.tfstate.tflock');
    expect([await stateMove({}), printed.join('\n')]).toEqual([0, expect.stringContaining('prod-identity: moved')]);
  });

  it('that cannot be read could not be checked', async () => {
    inS3(inventory('shop', S3));
    process.env.AWS_ENDPOINT_URL_S3 = 'http://127.0.0.1:9';
    process.env.AWS_MAX_ATTEMPTS = '1';
    printed = [];
    expect(await recover({ format: 'json' })).toBe(1);
    const { resources } = JSON.parse(printed.at(-1)!) as { resources: { kind: string; what: string }[] };
    expect(resources.find(({ kind }) => kind === 'state')?.what).toBe('unknown');
  });
});
