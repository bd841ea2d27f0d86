import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compile } from '../../src/blueprint/compile';
import { stateLocation } from '../../src/blueprint/stateLocation';
import type { StateSettings } from '../../src/inventory/Inventory';
import { initialiseOwn, runTerraform } from '../../src/runners/stackCommands';
import { openBackend } from '../../src/runners/stateBackend';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { roots } from '../../stacks/roots';
import { environmentOf, inventoryOf } from '../blueprint/inventoryOf';
import { type StateServer, startStateServer } from '../cli/state/stateServer';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { type HttpStates, startHttpStates } from '../runners/httpStates';
import { startWorkspaceServer, type WorkspaceServer } from '../runners/workspaceServer';

// The settings of a root, with a resource of Terraform's own provider in place of those of AWS: the real Terraform runs them without a download.

let http: HttpStates;
let s3: StateServer;
let workspaces: WorkspaceServer;
let aws: Sandbox;
beforeAll(async () => {
  http = await startHttpStates();
  s3 = await startStateServer();
  workspaces = await startWorkspaceServer();
  aws = await startSandbox({
    seed: { ambientAccount: '333333333333', clusters: [], oidcProviders: [], policies: [], roles: [] },
  });
});
afterAll(async () => {
  removeFolders();
  await Promise.all([http.stop(), s3.stop(), workspaces.stop(), aws.stop()]);
});

const HOST = 'tfe.acme.com';
const WORKSPACES = { organization: 'acme', hostname: HOST };

const STATES: readonly (readonly [what: string, state: () => StateSettings])[] = [
  ['http', () => ({ http: { address: `${http.endpoint}/{stack}`, lockAddress: `${http.endpoint}/{stack}/lock` } })],
  ['s3', () => ({ s3: { bucket: 'acme', region: 'us-west-2', prefix: 'podlift' } })],
  ['cloud', () => ({ cloud: { ...WORKSPACES, prefix: 'cloud-' } })],
  ['remote', () => ({ remote: { ...WORKSPACES, prefix: 'remote-' } })],
  ['local', () => ({ local: { folder: 'states' } })],
];

describe('a root with a state', () => {
  it.each(STATES)('in %s is initialised and applied by Terraform, and podlift reads the state', async (_what, of) => {
    const state = of();
    const folder = folderOf({ 'cli.tfrc': workspaces.configuration(HOST) });
    const blueprint = { ...compile(inventoryOf(environmentOf({ state })), 'prod'), folder };
    const [root] = roots([blueprint], { out: join(folder, 'roots'), home: folder });
    const { terraform } = JSON.parse(root!.files.get('main.tf.json')!) as {
      terraform: { required_providers?: object };
    };
    delete terraform.required_providers;
    const stack = join(folder, 'roots', root!.name);
    mkdirSync(stack, { recursive: true });
    const resource = { terraform_data: { role: { input: 'prod-api' } } };
    writeFileSync(join(stack, 'main.tf.json'), JSON.stringify({ terraform, resource }));
    const env = {
      ...process.env,
      ...aws.environment(),
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      // The bucket is no host name here.
      ...('s3' in state && { TF_CLI_ARGS_init: '-backend-config=use_path_style=true' }),
      TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'),
      CHECKPOINT_DISABLE: '1',
    };
    const run = async (...words: readonly string[]): Promise<string> => {
      const binary = process.env.TERRAFORM_BINARY_NAME ?? 'terraform';
      const { stdout } = await promisify(execFile)(binary, [...words, '-no-color'], { cwd: stack, env });
      return stdout;
    };
    await run('init', '-input=false');
    expect(await run('apply', '-input=false', '-auto-approve')).toContain('Resources: 1 added, 0 changed, 0 destroyed');
    expect(await run('plan', '-input=false')).toContain('No changes');

    const backend = await openBackend(stateLocation(root!.name, blueprint, undefined), env);
    expect(await backend.pull()).toMatchObject({ ok: true, content: { resources: [{ type: 'terraform_data' }] } });
    backend.close();
    expect([
      [...http.locks],
      [...workspaces.locked],
      [...s3.objects.keys()].filter((key) => key.includes('lock')),
    ]).toEqual([[], [], []]);
  });
});

describe('a root whose state moved from a workspace to an http server', () => {
  it('is initialised by podlift without the workspace that the cloud block had selected', async () => {
    const folder = folderOf({
      'cli.tfrc': workspaces.configuration(HOST),
      'main.tf.json': JSON.stringify({ terraform: { cloud: { ...WORKSPACES, workspaces: { name: 'left' } } } }),
    });
    const environment = { ...process.env, TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc') };
    const options = { binary: process.env.TERRAFORM_BINARY_NAME ?? 'terraform', folder, environment };
    await initialiseOwn(options, undefined);
    expect(readFileSync(join(folder, '.terraform/environment'), 'utf8')).toBe('left');
    const backend = { http: { address: `${http.endpoint}/moved` } };
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { backend } }));
    await initialiseOwn(options, undefined);
    await runTerraform(['apply', '-auto-approve'], options);
    expect(http.states.has('/moved')).toBe(true);
  });
});
