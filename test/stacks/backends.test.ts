import { compile } from '../../src/blueprint/compile';
import type { StateSettings } from '../../src/inventory/Inventory';
import { roots } from '../../stacks/roots';
import { environmentOf, inventoryOf } from '../blueprint/inventoryOf';
import { synthesized } from './synthesized';

const STATES: readonly (readonly [StateSettings, object])[] = [
  [
    { s3: { bucket: 'acme', region: 'us-west-2' } },
    {
      backend: {
        s3: { bucket: 'acme', region: 'us-west-2', key: 'prod-identity.tfstate', encrypt: true, use_lockfile: true },
      },
    },
  ],
  [
    { cloud: { organization: 'acme', project: 'Shops', prefix: 'podlift-' } },
    {
      cloud: {
        hostname: 'app.terraform.io',
        organization: 'acme',
        workspaces: { name: 'podlift-prod-identity', project: 'Shops' },
      },
    },
  ],
  [
    { remote: { organization: 'acme', hostname: 'tfe.acme.com' } },
    {
      backend: {
        remote: { hostname: 'tfe.acme.com', organization: 'acme', workspaces: { name: 'prod-identity' } },
      },
    },
  ],
  [
    { http: { address: 'https://s.acme.com/{stack}', lockAddress: 'https://s.acme.com/{stack}/lock' } },
    {
      backend: {
        http: {
          address: 'https://s.acme.com/prod-identity',
          lock_address: 'https://s.acme.com/prod-identity/lock',
          unlock_address: 'https://s.acme.com/prod-identity/lock',
        },
      },
    },
  ],
  [
    { gcs: { bucket: 'acme', prefix: 'podlift' } },
    { backend: { gcs: { bucket: 'acme', prefix: 'podlift/prod-identity' } } },
  ],
  [
    { azurerm: { storageAccountName: 'acmestate', containerName: 'tfstate', useOidc: true } },
    {
      backend: {
        azurerm: {
          storage_account_name: 'acmestate',
          container_name: 'tfstate',
          key: 'prod-identity.tfstate',
          use_oidc: true,
        },
      },
    },
  ],
];
const NAMED = STATES.map(([state, wanted]) => [Object.keys(state)[0]!, state, wanted] as const);

/** Of Terraform's settings, where the state is. */
const placeIn = ({ backend, cloud }: { readonly backend?: object; readonly cloud?: object }) => ({
  ...(backend && { backend }),
  ...(cloud && { cloud }),
});

function rootOf(state: StateSettings, stateDirectory?: string): Parameters<typeof placeIn>[0] {
  const blueprint = { ...compile(inventoryOf(environmentOf({ state })), 'prod'), folder: '/repo/infra' };
  const [root] = roots([blueprint], {
    out: '/repo/roots',
    home: '/repo',
    ...(stateDirectory !== undefined && { stateDirectory }),
  });
  return (JSON.parse(root!.files.get('main.tf.json')!) as { terraform: object }).terraform;
}

describe('the backend of a stack', () => {
  it.each(NAMED)('%s is the same for cdktf and for a root', (_type, state, wanted) => {
    expect(placeIn(synthesized([environmentOf({ state })])['prod-identity']!.terraform)).toEqual(wanted);
    expect(placeIn(rootOf(state))).toEqual(wanted);
  });

  it('has a local folder relative to the root, which starts at the folder of the inventory', () => {
    expect(placeIn(rootOf({ local: { folder: 'states' } }))).toEqual({
      backend: { local: { path: '../../infra/states/prod-identity.tfstate' } },
    });
  });

  it.each(NAMED)('is a file of the trial in place of %s', (_type, state) => {
    expect(placeIn(synthesized([environmentOf({ state })], '/trial')['prod-identity']!.terraform)).toEqual({
      backend: { local: { path: '/trial/prod-identity.tfstate' } },
    });
    expect(placeIn(rootOf(state, '/trial'))).toEqual({
      backend: { local: { path: '../../../trial/prod-identity.tfstate' } },
    });
  });
});
