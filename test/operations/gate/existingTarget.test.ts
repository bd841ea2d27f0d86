import { STAGES, type Target } from '../../../src/inventory/Inventory';
import { proveInventory } from '../../../src/proof/proveInventory';
import { targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, podIdentityPod, portsTo, type World } from '../agreedWorld';
import { collectEvidence } from './gateText';

const KEEPS = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::333333333333:role/prod-orders-api' },
  Action: 'sts:AssumeRole',
} as const;
const external = targetOf({ role: { name: 'ledger', path: '/', manage: 'external' } });
const adopted = (role: Partial<Target['role']> = {}) =>
  targetOf({ role: { name: 'ledger', path: '/', adopt: true, ...role } });
const KEY = '444444444444/ledger';

async function gateOf(target: Target, change: (world: World) => void = () => undefined) {
  const inventory = pilotAt('dual', { targets: [target] });
  const world = agreedWorld(inventory);
  world.pods = world.pods.map((pod) => (pod.serviceAccount === 'orders-api' ? podIdentityPod() : pod));
  change(world);
  const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
  return collectEvidence(inventory, request, portsTo(world), NOW);
}

/** The trust policy as it was for IRSA: it does not serve sessions with tags. */
const asForIrsa = (world: World) => {
  const role = world.roles[KEY]!;
  world.roles[KEY] = { ...role, trust: { Version: '2012-10-17', Statement: [KEEPS] } };
};

describe('the gate of a workload with a target role that its owner writes', () => {
  it('holds where AWS has its trust policy', async () => {
    const { evidence, holds } = await gateOf(external);
    expect(evidence.filter((one) => one.holds !== 'yes')).toEqual([]);
    expect(holds).toBe(true);
  });

  it('holds also where the role serves others', async () => {
    const { holds } = await gateOf(external, (world) => {
      const role = world.roles[KEY]!;
      const others = { ...KEEPS, Principal: { AWS: 'arn:aws:iam::444444444444:role/on-call' } };
      world.roles[KEY] = { ...role, trust: { ...role.trust, Statement: [...[role.trust.Statement].flat(), others] } };
    });
    expect(holds).toBe(true);
  });

  it('fails until AWS has the trust policy, and prints the command for the owner, never an apply', async () => {
    const { evidence, holds } = await gateOf(external, asForIrsa);
    expect(holds).toBe(false);
    const hop = evidence.find(({ check, holds: passes }) => check === 'target-hop' && passes === 'no');
    expect(hop?.remedy).toContain('npx podlift trust orders-api --environment prod --target ledger --stage dual');
    expect(hop?.remedy).not.toContain('targets-data-prod');
    const trust = evidence.find(({ check, holds: passes }) => check === 'trust' && passes === 'no');
    expect(trust?.remedy).toContain('--target ledger');
    expect(trust?.remedy).not.toContain('cdktf apply');
  });

  it('says that its owner creates a role that is not there', async () => {
    const { evidence } = await gateOf(external, (world) => {
      Reflect.deleteProperty(world.roles, KEY);
    });
    const role = evidence.find(({ check, holds }) => check === 'role' && holds === 'no');
    expect(role?.remedy).toMatch(/podlift never creates it/);
    expect(role?.remedy).not.toContain('cdktf');
  });
});

describe('the proof of a target role that exists', () => {
  const failuresOf = (target: Target) =>
    STAGES.flatMap((stage) => proveInventory(pilotAt(stage, { targets: [target] }), { environment: 'prod' }).failures);

  it('holds with the statement for the source role that it keeps', () => {
    expect(failuresOf(adopted({ keepTrust: [KEEPS] }))).toEqual([]);
  });

  it('fails where a kept statement admits others, and gives no reason', () => {
    const everyone = { ...KEEPS, Principal: '*' } as const;
    expect(failuresOf(adopted({ keepTrust: [everyone] })).map(({ rule }) => rule)).toContain('proof-attack');
    expect(failuresOf(adopted({ keepTrust: [{ ...everyone, because: 'the organisation reads it' }] }))).toEqual([]);
  });
});
