import type { RoleImports } from '../../../src/inventory/Inventory';
import { clusterOf, NO_IMPORTS, roleSettingsOf } from '../../blueprint/inventoryOf';
import type { Setting, World } from '../agreedWorld';
import { ask, healthy, SOURCE } from './doctorWorld';

const ATTACHED = 'arn:aws:iam::aws:policy/ReadOnly';
const GUARD = { Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } } as const;

const importing = (imports: Partial<RoleImports>): Setting => ({
  workload: {
    role: roleSettingsOf({ adopt: true, imports: { ...NO_IMPORTS, ...imports } }),
    permissions: { managedPolicies: [ATTACHED], statements: [], inlinePolicies: { guard: GUARD } },
  },
});

/** Everything as the inventory says, imported policies included. */
const stands = (world: World): void => {
  world.rolePolicies[SOURCE] = { attached: [ATTACHED], inline: { guard: GUARD } };
  world.managedPolicies[ATTACHED] = GUARD;
};

interface Gone {
  readonly what: string;
  readonly setting: Setting;
  readonly take: (world: World) => unknown;
  readonly mends: RegExp;
}

const { oidc } = clusterOf();

const GONE: readonly Gone[] = [
  {
    what: 'an attached policy',
    setting: importing({ managedPolicies: [ATTACHED] }),
    take: (world) => (world.rolePolicies[SOURCE] = { attached: [], inline: { guard: GUARD } }),
    mends: /take it out of workloads\.orders-api\.role\.imports\.managedPolicies, or make it by hand again/,
  },
  {
    what: 'an inline policy',
    setting: importing({ inlinePolicies: ['guard'] }),
    take: (world) => (world.rolePolicies[SOURCE] = { attached: [ATTACHED], inline: {} }),
    mends: /take it out of workloads\.orders-api\.role\.imports\.inlinePolicies, or/,
  },
  {
    what: 'the association',
    setting: importing({ associations: { main: 'a-1' } }),
    take: (world) => (world.associations = []),
    mends: /imports a-1 of main, .* take it out of workloads\.orders-api\.role\.imports\.associations\.main, or/,
  },
  {
    what: 'the agent',
    setting: { ...importing({}), cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: true } } },
    take: (world) => (world.addons = {}),
    mends: /take adopt off the agent of cluster main in the inventory, or make it by hand again:\naws eks create-addon/,
  },
  {
    what: 'the OIDC provider',
    setting: { ...importing({}), cluster: { oidc: { ...oidc!, provider: 'managed', adopt: true } } },
    take: (world) => (world.oidcProviders = {}),
    mends: /take adopt out of oidc of cluster main in the inventory, or make it by hand again:\naws iam create-open/,
  },
];

async function mendOf({ setting, take }: Gone, applied: boolean): Promise<string> {
  const one = healthy('dual', setting);
  stands(one.world);
  if (!applied) one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, tags: {} };
  take(one.world);
  const { findings } = await ask(one);
  return findings.find(({ state, follows }) => state !== 'ok' && follows === undefined)?.mends ?? '';
}

describe('something that the inventory imports is gone', () => {
  it.each(GONE)('$what, before the first apply: an apply would fail, and what helps is said', async (gone) => {
    const mends = await mendOf(gone, false);
    expect(mends).toMatch(/an apply fails now with “Cannot import non-existent remote object”/);
    expect(mends).toMatch(gone.mends);
    expect(mends).toMatch(/npx cdktf apply prod-identity$/);
  });

  it.each(GONE)('$what, after it: an apply makes it again', async (gone) => {
    const mends = await mendOf(gone, true);
    expect(mends).toMatch(/npx cdktf apply prod-identity$/);
    expect(mends).not.toMatch(/import/);
  });

  it('asks nothing special for a policy that is not imported', async () => {
    const [first] = GONE;
    const mends = await mendOf({ ...first!, setting: importing({}) }, false);
    expect(mends).not.toMatch(/import/);
  });
});
