import { listOf, type Statement } from '../../src/iam/PolicyDocument';
import { checkFound } from '../../src/rehearsal/checkFound';
import type { Stage } from '../../src/inventory/Inventory';
import { roleSettingsOf } from '../blueprint/inventoryOf';
import { agreedWorld, pilotAt, portsTo } from '../operations/agreedWorld';

const adopted = (found?: Stage) => ({
  workload: { role: roleSettingsOf({ adopt: true }), ...(found === undefined ? {} : { found }) },
});

describe('what AWS says of adopted roles before a rehearsal', () => {
  it('agrees where the role stands at the stage that was found', async () => {
    const inventory = pilotAt('dual', adopted('dual'));
    expect(await checkFound(inventory, ['prod'], () => portsTo(agreedWorld(inventory)))).toEqual({
      differences: [],
      unchecked: [],
    });
  });

  it('disagrees where the role stands at another one', async () => {
    const inventory = pilotAt('pod-identity', adopted('pod-identity'));
    const world = agreedWorld(pilotAt('irsa', adopted()));
    const { differences } = await checkFound(inventory, ['prod'], () => portsTo(world));
    expect(differences).toEqual([
      expect.objectContaining({
        kind: 'found',
        remedy: expect.arrayContaining([{ say: expect.stringMatching(/^Do not apply/) }]),
      }),
    ]);
  });

  it('says which roles it could not read', async () => {
    const inventory = pilotAt('dual', adopted('dual'));
    const world = { ...agreedWorld(inventory), unanswered: { role: 'denied' as const } };
    expect(await checkFound(inventory, ['prod'], () => portsTo(world))).toEqual({
      differences: [],
      unchecked: ['orders-api'],
    });
  });

  it('says which roles have a condition that podlift cannot evaluate', async () => {
    const inventory = pilotAt('dual', adopted('dual'));
    const world = agreedWorld(inventory);
    const [[key, role]] = Object.entries(world.roles) as [[string, (typeof world.roles)[string]]];
    const Condition = { NotIpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } };
    const deny: Statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition };
    const trust = { ...role.trust, Statement: [...listOf(role.trust.Statement), deny] };
    world.roles[key] = { ...role, trust };
    expect(await checkFound(inventory, ['prod'], () => portsTo(world))).toEqual({
      differences: [],
      unchecked: ['orders-api'],
    });
  });

  it('asks nothing where no entry says found', async () => {
    const ports = () => {
      throw new Error('AWS was asked');
    };
    expect(await checkFound(pilotAt('irsa', adopted()), ['prod'], ports)).toEqual({ differences: [], unchecked: [] });
  });
});
