import fc from 'fast-check';
import { checkStates } from '../../src/blueprint/checkStates';
import { compile } from '../../src/blueprint/compile';
import { stateBlock } from '../../src/blueprint/stateBlock';
import { locationText, placeKey, stateLocation } from '../../src/blueprint/stateLocation';
import type { StateSettings } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf } from './inventoryOf';

const ADDRESS = 'https://state.acme.com/{stack}';
const AZURE = { storageAccountName: 'acmestate', containerName: 'tfstate' };

/** The place of the stack `prod-identity`, without a name of the inventory and with the name `shop`. */
const PLACES: readonly (readonly [what: string, state: StateSettings | undefined, unnamed: string, named: string])[] = [
  ['no state', undefined, 'terraform.prod-identity.tfstate', 'terraform.shop.prod-identity.tfstate'],
  [
    'a folder',
    { local: { folder: './states/' } },
    '/repo/infra/states/prod-identity.tfstate',
    '/repo/infra/states/shop.prod-identity.tfstate',
  ],
  [
    'a folder above',
    { local: { folder: '../states' } },
    '/repo/states/prod-identity.tfstate',
    '/repo/states/shop.prod-identity.tfstate',
  ],
  [
    's3',
    { s3: { bucket: 'acme', region: 'us-west-2' } },
    's3://acme/prod-identity.tfstate',
    's3://acme/shop/prod-identity.tfstate',
  ],
  [
    's3 with a prefix',
    { s3: { bucket: 'acme', region: 'us-west-2', prefix: 'podlift' } },
    's3://acme/podlift/prod-identity.tfstate',
    's3://acme/podlift/shop/prod-identity.tfstate',
  ],
  [
    'cloud',
    { cloud: { organization: 'acme' } },
    'https://app.terraform.io/app/acme/workspaces/prod-identity',
    'https://app.terraform.io/app/acme/workspaces/shop_prod-identity',
  ],
  [
    'cloud with a prefix',
    { cloud: { organization: 'acme', hostname: 'tfe.acme.com', prefix: 'podlift-' } },
    'https://tfe.acme.com/app/acme/workspaces/podlift-prod-identity',
    'https://tfe.acme.com/app/acme/workspaces/podlift-shop_prod-identity',
  ],
  [
    'remote',
    { remote: { organization: 'acme', prefix: 'podlift-' } },
    'https://app.terraform.io/app/acme/workspaces/podlift-prod-identity',
    'https://app.terraform.io/app/acme/workspaces/podlift-shop_prod-identity',
  ],
  [
    'http',
    { http: { address: ADDRESS } },
    'https://state.acme.com/prod-identity',
    'https://state.acme.com/shop_prod-identity',
  ],
  [
    'gcs',
    { gcs: { bucket: 'acme', prefix: 'podlift' } },
    'gs://acme/podlift/prod-identity/default.tfstate',
    'gs://acme/podlift/shop/prod-identity/default.tfstate',
  ],
  [
    'azurerm',
    { azurerm: { ...AZURE, prefix: 'podlift' } },
    'azurerm://acmestate/tfstate/podlift/prod-identity.tfstate',
    'azurerm://acmestate/tfstate/podlift/shop/prod-identity.tfstate',
  ],
];

const placed = (state: StateSettings | undefined, inventory?: string) => ({
  ...(state !== undefined && { state }),
  ...(inventory !== undefined && { inventory }),
  folder: '/repo/infra',
});

describe('the place of a state', () => {
  it.each(PLACES)('in %s has the name of the stack and of the inventory', (_what, state, unnamed, named) => {
    expect(locationText(stateLocation('prod-identity', placed(state), undefined))).toBe(unnamed);
    expect(locationText(stateLocation('prod-identity', placed(state, 'shop'), ''))).toBe(named);
  });

  it.each(PLACES)('is a file of the trial in place of %s', (_what, state) => {
    const location = stateLocation('prod-identity', placed(state, 'shop'), '/trial/');
    expect(stateBlock(location)).toEqual({ type: 'local', arguments: { path: '/trial/shop.prod-identity.tfstate' } });
  });

  it('has the lock of the stack, which is removed where it was taken', () => {
    const { arguments: block } = stateBlock(
      stateLocation(
        'prod-identity',
        placed({ http: { address: ADDRESS, lockAddress: `${ADDRESS}/lock`, unlockMethod: 'DELETE' } }),
        undefined,
      ),
    );
    expect(block).toEqual({
      address: 'https://state.acme.com/prod-identity',
      lock_address: 'https://state.acme.com/prod-identity/lock',
      unlock_address: 'https://state.acme.com/prod-identity/lock',
      unlock_method: 'DELETE',
    });
  });

  it.each([
    [
      'cloud',
      { cloud: { organization: 'acme', project: 'Shops' } },
      {
        hostname: 'app.terraform.io',
        organization: 'acme',
        workspaces: { name: 'prod-identity', project: 'Shops' },
      },
    ],
    [
      'remote',
      { remote: { organization: 'acme' } },
      { hostname: 'app.terraform.io', organization: 'acme', workspaces: { name: 'prod-identity' } },
    ],
    [
      'gcs',
      { gcs: { bucket: 'acme', impersonateServiceAccount: 'tf@acme.iam.gserviceaccount.com' } },
      { bucket: 'acme', prefix: 'prod-identity', impersonate_service_account: 'tf@acme.iam.gserviceaccount.com' },
    ],
    [
      'azurerm',
      { azurerm: { ...AZURE, useAzureadAuth: true, resourceGroupName: 'tf' } },
      {
        storage_account_name: 'acmestate',
        container_name: 'tfstate',
        key: 'prod-identity.tfstate',
        use_azuread_auth: true,
        resource_group_name: 'tf',
      },
    ],
  ] as const)('has the arguments of Terraform: %s', (type, state, wanted) => {
    expect(stateBlock(stateLocation('prod-identity', placed(state), undefined))).toEqual({ type, arguments: wanted });
  });

  const key = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
  const name = fc.option(key, { nil: undefined });
  const stack = fc
    .tuple(key, fc.constantFrom('identity', 'targets-data', 'service-accounts-main'))
    .map(([environment, rest]) => `${environment}-${rest}`);

  it.each(PLACES)('in %s is another one for each stack and name of the inventory', (_what, state) => {
    fc.assert(
      fc.property(name, stack, name, stack, (oneName, one, otherName, other) => {
        const keys = [placed(state, oneName), placed(state, otherName)].map((parts, index) =>
          placeKey(stateLocation(index === 0 ? one : other, parts, undefined)),
        );
        expect(keys[0] === keys[1]).toBe(oneName === otherName && one === other);
      }),
    );
  });

  // What every backend and every file system takes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html (safe characters)
  it.each(PLACES)('in %s has only letters, digits and - _ . / :', (_what, state) => {
    fc.assert(
      fc.property(name, stack, (inventory, one) => {
        const text = locationText(stateLocation(one, placed(state, inventory), undefined));
        expect(text).toMatch(/^[\w./:-]+$/);
        expect(text.split('/').slice(1)).not.toContain('..');
      }),
    );
  });

  const prefix = fc.stringMatching(/^[A-Za-z0-9_-]{0,20}$/);
  it('is a workspace that HCP Terraform accepts, or a finding', () => {
    const long = fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        fc.constantFrom('cloud', 'remote'),
        prefix,
        long,
        fc.option(long, { nil: undefined }),
        (type, before, environment, inventory) => {
          const state = {
            [type]: { organization: 'acme', ...(before !== '' && { prefix: before }) },
          } as unknown as StateSettings;
          const blueprint = compile(
            {
              ...inventoryOf(environmentOf({ key: environment, state })),
              ...(inventory !== undefined && { name: inventory }),
            },
            environment,
          );
          const { workspaces } = stateBlock(stateLocation(`${environment}-identity`, blueprint, undefined)).arguments;
          const isAccepted = /^[A-Za-z0-9_-]{1,90}$/.test((workspaces as { name: string }).name);
          expect(checkStates([blueprint]).map(({ rule }) => rule)).toEqual(isAccepted ? [] : ['state-name']);
        },
      ),
    );
  });
});

describe('the states of all environments', () => {
  const found = (...states: readonly (readonly [environment: string, state: StateSettings])[]) => {
    const inventory = inventoryOf(...states.map(([key, state]) => environmentOf({ key, state })));
    return checkStates(states.map(([key]) => compile(inventory, key)));
  };
  const CLOUD = { cloud: { organization: 'acme' } };

  it.each([
    [
      'a prefix and the key of an environment make the same workspace',
      ['eu-prod', CLOUD],
      ['prod', { cloud: { organization: 'acme', prefix: 'eu-' } }],
    ],
    [
      'capitals are the same in the names of workspaces and organizations',
      ['eu-prod', CLOUD],
      ['prod', { cloud: { organization: 'Acme', hostname: 'APP.terraform.io', prefix: 'EU-' } }],
    ],
    [
      'one has a cloud block and the other the backend remote',
      ['eu-prod', CLOUD],
      ['prod', { remote: { organization: 'acme', prefix: 'eu-' } }],
    ],
    [
      'two addresses with {stack} are the same',
      ['eu-prod', { http: { address: ADDRESS } }],
      ['prod', { http: { address: 'https://STATE.acme.com/eu-{stack}' } }],
    ],
  ] as const)('are not one where %s', (_when, one, other) => {
    expect(found(one, other)).toEqual([
      {
        severity: 'error',
        rule: 'duplicate-state',
        path: 'environments.prod.state',
        message: expect.stringMatching(/^the stacks eu-prod-identity and prod-identity have the same state: https:/),
        hint: expect.stringContaining('another prefix'),
      },
    ]);
  });

  it.each([
    [
      'HCP Terraform and Terraform Enterprise',
      CLOUD,
      { cloud: { organization: 'acme', hostname: 'tfe.acme.com', prefix: 'eu-' } },
    ],
    ['two organizations', CLOUD, { cloud: { organization: 'acme2', prefix: 'eu-' } }],
    [
      'paths that differ in capitals',
      { http: { address: 'https://s.acme.com/S/{stack}' } },
      { http: { address: 'https://s.acme.com/s/eu-{stack}' } },
    ],
    [
      'one bucket of S3',
      { s3: { bucket: 'acme', region: 'us-west-2', prefix: 'eu' } },
      { s3: { bucket: 'acme', region: 'us-west-2' } },
    ],
    ['one container', { azurerm: { ...AZURE, prefix: 'eu' } }, { azurerm: AZURE }],
    ['one folder', { local: { folder: 'states' } }, { local: { folder: 'states' } }],
  ])('can be in %s', (_where, one, other) => {
    expect(found(['eu-prod', one], ['prod', other])).toEqual([]);
  });

  it.each<readonly [string, StateSettings, string]>([
    ['key', { s3: { bucket: 'acme', region: 'us-west-2', prefix: 'a'.repeat(996) } }, '1017'],
    ['folder', { gcs: { bucket: 'acme', prefix: 'a'.repeat(995) } }, '1008'],
    ['blob', { azurerm: { ...AZURE, prefix: 'a'.repeat(1010) } }, '1024'],
  ])('have a %s that is not too long with its lock', (what, state, limit) => {
    expect(found(['prod', state]).map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^the ${what} of stack prod-identity has \\d+ characters: at most ${limit}$`)),
    ]);
    const [[type, settings]] = Object.entries(state) as [[string, { prefix: string }]];
    const fitting = { [type]: { ...settings, prefix: settings.prefix.slice(40) } } as unknown as StateSettings;
    expect(found(['prod', fitting])).toEqual([]);
  });

  it('name the longest workspace that is too long, once', () => {
    const clusters = ['main', 'a'.repeat(63)].map((key) => clusterOf({ key, kubernetes: { context: key } }));
    const environment = environmentOf({ key: 'production', clusters, state: CLOUD });
    const [workload] = environment.workloads;
    const inventory = inventoryOf({
      ...environment,
      workloads: [
        {
          ...workload!,
          clusters: clusters.map(({ key }) => key),
          subjects: workload!.subjects.map((one) => ({ ...one, clusters: clusters.map(({ key }) => key) })),
        },
      ],
    });
    expect(checkStates([compile(inventory, 'production')])).toEqual([
      {
        severity: 'error',
        rule: 'state-name',
        path: 'environments.production.state',
        message: `the workspace of stack production-service-accounts-${'a'.repeat(63)} has 91 characters: at most 90`,
        hint: expect.stringContaining('Shorten the prefix'),
      },
    ]);
  });
});
