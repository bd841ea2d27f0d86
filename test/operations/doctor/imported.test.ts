import { remedyText } from '../../../src/cli/report';
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
  readonly remove: (world: World) => unknown;
  readonly fix: RegExp;
}

const { oidc } = clusterOf();

const GONE: readonly Gone[] = [
  {
    what: 'an attached policy',
    setting: importing({ managedPolicies: [ATTACHED] }),
    remove: (world) => (world.rolePolicies[SOURCE] = { attached: [], inline: { guard: GUARD } }),
    fix: /Remove it from workloads\.orders-api\.role\.imports\.managedPolicies, or create it again by hand/,
  },
  {
    what: 'an inline policy',
    setting: importing({ inlinePolicies: ['guard'] }),
    remove: (world) => (world.rolePolicies[SOURCE] = { attached: [ATTACHED], inline: {} }),
    fix: /Remove it from workloads\.orders-api\.role\.imports\.inlinePolicies, or/,
  },
  {
    what: 'the association',
    setting: importing({ associations: { main: 'a-1' } }),
    remove: (world) => (world.associations = []),
    fix: /imports a-1 of main, .* Remove it from workloads\.orders-api\.role\.imports\.associations\.main, or/,
  },
  {
    what: 'the agent',
    setting: { ...importing({}), cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: true } } },
    remove: (world) => (world.addons = {}),
    fix: /Remove adopt from the agent of cluster main in the inventory, or create the add-on again:\naws eks create-addon/,
  },
  {
    what: 'the OIDC provider',
    setting: { ...importing({}), cluster: { oidc: { ...oidc!, provider: 'managed', adopt: true } } },
    remove: (world) => (world.oidcProviders = {}),
    fix: /Remove adopt from oidc of cluster main in the inventory, or create the provider again by hand:\naws iam create-open/,
  },
];

async function fixOf({ setting, remove }: Gone, applied: boolean): Promise<string> {
  const one = healthy('dual', setting);
  stands(one.world);
  if (!applied) one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, tags: {} };
  remove(one.world);
  const { findings } = await ask(one);
  const remedy = findings.find(({ state, follows }) => state !== 'ok' && follows === undefined)?.remedy ?? [];
  return remedyText(remedy);
}

describe('something that the inventory imports is gone', () => {
  it.each(GONE)(
    '$what, before the first apply: an apply would fail, and the remedy says how to avoid it',
    async (gone) => {
      const fix = await fixOf(gone, false);
      expect(fix).toMatch(/an apply fails now with “Cannot import non-existent remote object”/);
      expect(fix).toMatch(gone.fix);
      expect(fix).toMatch(/npx cdktf apply prod-identity$/);
    },
  );

  it.each(GONE)('$what, after it: an apply creates it again', async (gone) => {
    const fix = await fixOf(gone, true);
    expect(fix).toMatch(/npx cdktf apply prod-identity$/);
    expect(fix).not.toMatch(/import/);
  });

  it('asks nothing special for a policy that is not imported', async () => {
    const [first] = GONE;
    const fix = await fixOf({ ...first!, setting: importing({}) }, false);
    expect(fix).not.toMatch(/import/);
  });
});
