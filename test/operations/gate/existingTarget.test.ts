import { type Stage, STAGES, type Target } from '../../../src/inventory/Inventory';
import { compile } from '../../../src/blueprint/compile';
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

async function gateOf(
  target: Target,
  change: (world: World) => void = () => undefined,
  { stage = 'dual', direction = 'forward' }: { stage?: Stage; direction?: 'forward' | 'back' } = {},
) {
  const inventory = pilotAt(stage, { targets: [target] });
  const world = agreedWorld(inventory);
  if (STAGES.indexOf(stage) >= STAGES.indexOf('dual'))
    world.pods = world.pods.map((pod) => (pod.serviceAccount === 'orders-api' ? podIdentityPod() : pod));
  change(world);
  const request = { wave: 'pilot', environment: 'prod', direction } as const;
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

/** The trust policy of the target role is the one of a stage. */
const trusts = (stage: Stage) => (world: World) => {
  const { trust } = compile(pilotAt(stage, { targets: [external] }), 'prod').targetRoles[0]!;
  world.roles[KEY] = { ...world.roles[KEY]!, trust };
};

describe('the gate of a step in which the owner of a target role has a turn', () => {
  it.each([
    ['irsa', 'forward', 'prepared'],
    ['pod-identity', 'back', 'cutover'],
  ] as const)('from %s %s: fails until AWS has the trust policy of the next stage', async (stage, direction, next) => {
    const { evidence } = await gateOf(external, trusts(stage), { stage, direction });
    const open = evidence.filter(({ check, holds }) => check === 'trust' && holds !== 'yes');
    expect(open.map(({ found }) => found)).toEqual([
      expect.stringContaining(
        `the trust policy of ledger is not yet the one of the stage ${next}: 1 statement missing`,
      ),
    ]);
    expect(open[0]!.remedy).toContain(
      `npx podlift trust orders-api --environment prod --target ledger --stage ${next}`,
    );
    expect(open[0]!.remedy).not.toContain('cdktf');
    expect((await gateOf(external, trusts(next), { stage, direction })).holds).toBe(true);
  });

  it.each([
    ['cutover', 'forward', 'pod-identity'],
    ['prepared', 'back', 'irsa'],
  ] as const)(
    'from %s %s: holds with the trust policy that stands, and notes an early owner',
    async (stage, direction, next) => {
      const { evidence } = await gateOf(external, trusts(stage), { stage, direction });
      expect(evidence.filter(({ check, holds }) => check === 'trust' && holds !== 'yes')).toEqual([]);
      const early = await gateOf(external, trusts(next), { stage, direction });
      expect(early.evidence.filter(({ check }) => check === 'trust').map(({ found }) => found)).toContain(
        `the trust policy of ledger is already the one of the stage ${next}`,
      );
    },
  );

  it('says on the way back that only its owner creates a role that is gone', async () => {
    const gone = (world: World) => {
      Reflect.deleteProperty(world.roles, KEY);
    };
    const { evidence } = await gateOf(external, gone, { stage: 'dual', direction: 'back' });
    expect(evidence.find(({ check, found }) => check === 'role' && found.includes('no target role'))?.remedy).toBe(
      'The step takes nothing from pods by it. Only its owner creates the role again.',
    );
  });
});

describe('the remedy of a hop names the end that denies it', () => {
  const hopOf = async (target: Target, change: (world: World) => void) =>
    (await gateOf(target, change)).evidence.find(({ check, holds }) => check === 'target-hop' && holds === 'no')!;
  const noPermission = (world: World) => {
    world.rolePolicies['333333333333/prod-orders-api'] = { attached: [], inline: {} };
  };

  it('is the apply of the source role alone where its permissions deny the hop', async () => {
    const { remedy } = await hopOf(external, noPermission);
    expect(remedy).toContain('npx cdktf apply prod-identity');
    expect(remedy).not.toContain('podlift trust');
  });

  it('is the owner alone where the trust policy of the target role denies it', async () => {
    const { remedy } = await hopOf(external, asForIrsa);
    expect(remedy).toContain('--target ledger --stage dual');
    expect(remedy).not.toContain('cdktf');
  });

  it('is no apply where a role that exists is gone', async () => {
    for (const target of [external, adopted()]) {
      const { remedy } = await hopOf(target, (world) => {
        Reflect.deleteProperty(world.roles, KEY);
      });
      expect(remedy).toMatch(/podlift never creates it/);
      expect(remedy).not.toContain('cdktf');
    }
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
