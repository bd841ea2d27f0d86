import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../src/blueprint/compile';
import { stateBlock } from '../../src/blueprint/stateBlock';
import { stateLocation } from '../../src/blueprint/stateLocation';
import type { StateSettings } from '../../src/inventory/Inventory';
import { forgetBackend } from '../../src/runners/backendRecord';
import { outdatedRecords } from '../../stacks/backendRecords';
import { environmentOf, inventoryOf } from '../blueprint/inventoryOf';
import { folderOf, removeFolders } from '../inventory/fixtures';

afterAll(removeFolders);

const STATES: readonly (readonly [string, StateSettings])[] = [
  ['s3', { s3: { bucket: 'acme', region: 'us-west-2' } }],
  ['cloud', { cloud: { organization: 'acme' } }],
  ['remote', { remote: { organization: 'acme' } }],
  ['http', { http: { address: 'https://s.acme.com/{stack}', lockAddress: 'https://s.acme.com/{stack}/lock' } }],
  ['gcs', { gcs: { bucket: 'acme' } }],
  ['azurerm', { azurerm: { storageAccountName: 'acmestate', containerName: 'tfstate' } }],
];
const OTHER = 'arn:aws:iam::333333333333:role/prod-other';
const OWN = 'arn:aws:iam::333333333333:role/prod-orders-api';

/** An output folder in which a stack was initialised for an inventory with a name, with Terraform's own arguments beside those of the block. */
function written(state: StateSettings, name: string | undefined, role: string): { outdir: string; record: string } {
  const location = stateLocation('prod-identity', { state, ...(name !== undefined && { inventory: name }) }, undefined);
  const { type, arguments: config } = stateBlock(location);
  const outdir = folderOf({});
  const data = join(outdir, 'stacks/prod-identity/.terraform');
  mkdirSync(data, { recursive: true });
  const record = join(data, 'terraform.tfstate');
  writeFileSync(record, JSON.stringify({ version: 3, backend: { type, config: { token: null, ...config } } }));
  writeFileSync(join(data, '../cdk.tf.json'), JSON.stringify({ output: { role_arns: { value: { api: role } } } }));
  return { outdir, record };
}

const blueprintOf = (state: StateSettings) => compile(inventoryOf(environmentOf({ state })), 'prod');

describe('the record of a backend in the output folder', () => {
  it.each(STATES)('stays where it is of the place now: %s', (_type, state) => {
    const { outdir } = written(state, undefined, OTHER);
    expect(outdatedRecords(blueprintOf(state), outdir, undefined)).toEqual([]);
  });

  it.each(STATES)('of another inventory is outdated: %s', (_type, state) => {
    const { outdir, record } = written(state, 'shop', OTHER);
    expect(outdatedRecords(blueprintOf(state), outdir, undefined)).toEqual([record]);
  });

  it.each(STATES)(
    'of this inventory stays, so that Terraform stops before a plan without the state: %s',
    (_type, state) => {
      const { outdir } = written(state, 'shop', OWN);
      expect(outdatedRecords(blueprintOf(state), outdir, undefined)).toEqual([]);
    },
  );

  it.each(STATES)('of another store stays: %s', (type, state) => {
    const elsewhere: Readonly<Record<string, StateSettings>> = {
      s3: { s3: { bucket: 'other', region: 'us-west-2' } },
      cloud: { cloud: { organization: 'other' } },
      remote: { remote: { organization: 'other' } },
      http: {
        http: { address: 'https://other.com/{stack}', lockAddress: 'https://other.com/{stack}', lockMethod: 'POST' },
      },
      gcs: { gcs: { bucket: 'other' } },
      azurerm: { azurerm: { storageAccountName: 'otherstate', containerName: 'tfstate' } },
    };
    const { outdir } = written(state, 'shop', OTHER);
    expect(outdatedRecords(blueprintOf(elsewhere[type]!), outdir, undefined)).toEqual([]);
  });

  it.each(STATES)('is forgotten after a move alone: %s', (_type, state) => {
    const { outdir, record } = written(state, undefined, OWN);
    const env = { CDKTF_OUTDIR: outdir };
    forgetBackend('prod-identity', stateLocation('prod-identity', { state }, undefined), env);
    expect(outdatedRecords(blueprintOf({ ...state }), outdir, undefined)).toEqual([]);
    expect(existsSync(record)).toBe(true);
    forgetBackend('prod-identity', stateLocation('prod-identity', { state, inventory: 'shop' }, undefined), env);
    expect(existsSync(record)).toBe(false);
  });
});
