import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { recover, recoverQuestions } from '../../../src/operations/recover/recover';
import type { FoundResource, StackStates } from '../../../src/operations/recover/Recovery';
import { agreedWorld, pilotAt, ROLE, type World } from '../agreedWorld';
import { estateOf } from '../estateOf';

// A world in which everything stands, and no state has anything.

const STATES: StackStates = new Map(
  ['prod-identity', 'prod-service-accounts-main'].map((stack) => [stack, { ok: true }]),
);
const TAG = 'podlift:environment';
const KEY = '333333333333/prod-orders-api';

/** What `recover` finds after a change of the world. */
async function found(
  stage: Stage,
  change: (world: World) => void,
  states = STATES,
  inventory: Inventory = pilotAt(stage),
): Promise<readonly FoundResource[]> {
  const world = agreedWorld(inventory);
  change(world);
  const request = { environments: ['prod'] };
  const estate = await estateOf(world, inventory, recoverQuestions(inventory, request, states));
  return recover(inventory, request, states, estate).resources;
}
const of = (all: readonly FoundResource[], kind: FoundResource['kind']) => all.filter((one) => one.kind === kind);
const textOf = ({ remedy }: FoundResource) =>
  remedy.map((step) => ('say' in step ? step.say : step.run.join(' '))).join('\n');

describe('what no state has', () => {
  it('is imported where it carries the tag of the environment', async () => {
    const all = await found('dual', () => undefined);
    for (const kind of ['role', 'agent', 'association'] as const)
      expect(of(all, kind)).toMatchObject([{ what: 'import' }]);
  });

  it.each<[FoundResource['kind'], (world: World, tags: Record<string, string>) => void, RegExp]>([
    [
      'association',
      (world, tags) => (world.associations = world.associations.map((one) => ({ ...one, tags }))),
      /in one environment only: remove orders-api from one of the two/,
    ],
    [
      'agent',
      (world, tags) => (world.addons['prod-main'] = { ...world.addons['prod-main']!, tags }),
      /If staging keeps it, write: environments\.prod\.clusters\.main\.agent\.adopt: true/,
    ],
    [
      'role',
      (world, tags) => (world.roles[KEY] = { ...world.roles[KEY]!, tags }),
      /Write another role\.name for orders-api/,
    ],
  ])(
    'is not imported with the tag of another environment, and no advice writes an import: %s',
    async (kind, change, advice) => {
      const [one] = of(
        await found('dual', (world) => {
          change(world, { [TAG]: 'staging' });
        }),
        kind,
      );
      expect(one?.what).toBe('other');
      expect(textOf(one!)).toMatch(/tag podlift:environment: staging\. Do not import it/);
      expect(textOf(one!)).toMatch(advice);
      expect(textOf(one!)).not.toMatch(/imports/);
    },
  );

  it('is imported by the name of the service account where `expanded` has one alone: the next run can add another', async () => {
    const subject = { namespace: 'pr-1', name: 'app', manage: 'none', clusters: ['main'], isFirst: false } as const;
    const patterns = [{ namespaces: ['pr-*'], serviceAccounts: ['app'], clusters: ['main'] }];
    const inventory = pilotAt('dual', { workload: { patterns, subjects: [{ ...subject, isExpanded: true }] } });
    const all = await found('dual', () => undefined, STATES, inventory);
    expect(of(all, 'association')[0]?.entry?.path.join('.')).toBe(
      'workloads.orders-api.role.imports.associations.main.pr-1/app',
    );
  });

  it('is an import by hand only without a tag', async () => {
    const [one] = of(await found('dual', (world) => (world.roles[KEY] = { ...world.roles[KEY]!, tags: {} })), 'role');
    expect(one?.what).toBe('other');
    expect(textOf(one!)).toMatch(/If podlift made it, write: workloads\.orders-api\.role\.imports\.role: true/);
  });

  it('names a role of this name with another path: the apply fails, and it is not the role of the inventory', async () => {
    const arn = ROLE.replace('role/', 'role/team/x/');
    const all = await found('dual', (world) => (world.roles[KEY] = { ...world.roles[KEY]!, arn }));
    expect(of(all, 'role')).toMatchObject([
      { what: 'other', found: arn, effect: expect.stringMatching(/already exists/) },
    ]);
    expect(textOf(of(all, 'role')[0]!)).toMatch(/write role\.path: \/team\/x\/ for orders-api/);
    expect([...of(all, 'inline-policy'), ...of(all, 'managed-policy')]).toEqual([]);
  });
});

it('says how to keep an agent that the stage does not have: with keep, the next run imports it', async () => {
  const addons = agreedWorld(pilotAt('prepared')).addons;
  const [one] = of(await found('irsa', (world) => (world.addons = addons)), 'agent');
  expect(one?.what).toBe('unwanted');
  expect(textOf(one!)).toMatch(
    /Write keep: true into the agent of cluster main of environment prod, and import the agent:\nnpx podlift recover --environment prod --write/,
  );
});

it('never advises to keep an association before dual: no gate passes with it', async () => {
  const { associations } = agreedWorld(pilotAt('dual'));
  const [one] = of(await found('prepared', (world) => (world.associations = associations)), 'association');
  expect(one?.what).toBe('unwanted');
  expect(textOf(one!)).toMatch(/Remove the association in this order, .*no gate passes while it exists before dual/);
  expect(textOf(one!)).not.toMatch(/--write/);
});
