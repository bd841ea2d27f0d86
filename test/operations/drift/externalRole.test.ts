import { compileWorkload } from '../../../src/blueprint/compileWorkload';
import { remedyText } from '../../../src/cli/report';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import { roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, pilotAt, type Setting, type World } from '../agreedWorld';
import { driftOf } from './driftOf';

const KEY = '333333333333/prod-orders-api';
const external = { workload: { role: roleSettingsOf({ manage: 'external' }) } };

async function differencesAt(stage: Stage, change: (world: World) => void, setting: Setting = {}) {
  const inventory = pilotAt(stage, { ...external, ...setting });
  const world = agreedWorld(inventory);
  change(world);
  const { differences } = await driftOf(inventory, world);
  return differences.map(({ remedy, ...one }) => ({ ...one, remedy: remedyText(remedy) }));
}

function trustOf(stage: Stage): PolicyDocument {
  const [environment] = pilotAt(stage, external).environments;
  return compileWorkload(environment!, environment!.workloads[0]!).role.trust;
}
const trusts = (stage: Stage) => (world: World) => (world.roles[KEY] = { ...world.roles[KEY]!, trust: trustOf(stage) });

describe('drift of an external role', () => {
  it.each(STAGES)('finds no difference at %s where AWS has its trust policy', async (stage) => {
    expect(await differencesAt(stage, () => undefined)).toEqual([]);
  });

  it('compares neither tags, boundary, session duration nor permissions: they are the owner’s', async () => {
    const found = await differencesAt('dual', (world) => {
      world.roles[KEY] = {
        ...world.roles[KEY]!,
        tags: { team: 'ledger' },
        maxSessionDuration: 7200,
        permissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        description: 'theirs',
      };
      world.rolePolicies[KEY] = { attached: ['arn:aws:iam::333333333333:policy/theirs'], inline: {} };
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['prepared', 'irsa'],
    ['pod-identity', 'cutover'],
    ['dual', 'pod-identity'],
  ] as const)(
    'at %s with the trust policy of %s: the owner must write, and no apply helps',
    async (stage, standing) => {
      const [only, ...others] = await differencesAt(stage, trusts(standing));
      expect(others).toEqual([]);
      expect(only).toMatchObject({ kind: 'trust' });
      expect(only).not.toHaveProperty('apply');
      expect(only!.remedy).toMatch(/The owner of role prod-orders-api must write/);
      expect(only!.remedy).toContain(`npx podlift trust orders-api --environment prod --stage ${stage}`);
      expect(only!.remedy).not.toMatch(/cdktf/);
    },
  );

  it('says that the owner may be ahead of a step', async () => {
    const [only] = await differencesAt('irsa', trusts('prepared'));
    expect(only!.remedy).toMatch(/^If the owner wrote it for the next step, take the step/);
  });

  it('reports a role that is not there, and never offers to create it', async () => {
    const [first] = await differencesAt('dual', (world) => {
      world.roles = {};
    });
    expect(first).toMatchObject({ kind: 'role', found: 'no such role' });
    expect(first!.remedy).toMatch(/podlift never creates an external role/);
  });

  it('reports what a hop needs and the role does not allow', async () => {
    const found = await differencesAt(
      'dual',
      (world) => {
        const Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' } as const;
        world.rolePolicies[KEY] = { attached: [], inline: { theirs: { Version: '2012-10-17', Statement } } };
      },
      { targets: [targetOf()] },
    );
    expect(found).toMatchObject([{ kind: 'inline-policy', found: 'no sts:TagSession' }]);
    expect(found[0]!.remedy).toMatch(
      /The owner of role prod-orders-api must allow sts:AssumeRole and sts:TagSession on /,
    );
  });
});

describe('drift of a target role that its owner writes', () => {
  const targets = [targetOf({ role: { name: 'ledger', path: '/', manage: 'external' } })];

  it.each(STAGES)('finds no difference at %s where AWS has its trust policy', async (stage) => {
    expect(await differencesAt(stage, () => undefined, { workload: {}, targets })).toEqual([]);
  });

  it('compares its trust policy, with the command for its owner', async () => {
    const [only, ...others] = await differencesAt(
      'dual',
      (world) => {
        const role = world.roles['444444444444/ledger']!;
        world.roles['444444444444/ledger'] = {
          ...role,
          trust: { ...role.trust, Statement: [role.trust.Statement].flat().slice(0, 1) },
        };
      },
      { workload: {}, targets },
    );
    expect(others).toEqual([]);
    expect(only!.remedy).toContain('npx podlift trust orders-api --environment prod --target ledger --stage dual');
    expect(only!.remedy).not.toMatch(/cdktf/);
  });
});
