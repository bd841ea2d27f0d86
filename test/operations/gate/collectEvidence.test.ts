import { STAGES, type Stage } from '../../../src/inventory/Inventory';
import { collectEvidence } from './gateText';
import { checksOf } from '../../../src/operations/gate/gateTable';
import { targetOf } from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, portsTo, type Setting, type World } from '../agreedWorld';
import { unannounced } from '../printedCommands';
import { BACK_CASES } from './backCases';
import { CUTOVER_CASES } from './cutoverCases';
import { DUAL_CASES } from './dualCases';
import type { GateCase } from './GateCase';
import { IRSA_CASES } from './irsaCases';
import { PREPARED_CASES } from './preparedCases';

async function gateAt(
  stage: Stage,
  direction: 'forward' | 'back' = 'forward',
  setting: Setting = {},
  change: (world: World) => void = () => undefined,
) {
  const inventory = pilotAt(stage, setting);
  const world = agreedWorld(inventory);
  change(world);
  const result = await collectEvidence(
    inventory,
    { wave: 'pilot', environment: 'prod', direction },
    portsTo(world),
    NOW,
  );
  return { result, world };
}

const FORWARD = STAGES.slice(0, -1);
const BACKWARD = STAGES.slice(1);

/**
 * The checks that have nothing to judge in the agreed world. `adoption` has evidence of adopted roles alone (test/operations/adoption.test.ts), `self-assume`
 * of roles that can assume themselves, `target-hop` of targets, `expanded-accounts` of service accounts by pattern. At `irsa` no pod uses Pod Identity, and none will after the step.
 */
const ALWAYS_NOTHING = ['adoption', 'target-hop', 'self-assume', 'expanded-accounts'];
const JUDGES_NOTHING: Readonly<Record<string, readonly string[]>> = {
  irsa: [...ALWAYS_NOTHING, 'undeclared-hop', 'session-keys', 'session-name', 'node-role', 'proxy', 'network-policy'],
  prepared: [...ALWAYS_NOTHING, 'undeclared-hop'],
  // The kind of session changes at the step before.
  dual: [...ALWAYS_NOTHING, 'undeclared-hop', 'session-keys', 'session-name'],
  cutover: [...ALWAYS_NOTHING, 'undeclared-hop', 'session-keys', 'session-name', 'oidc-provider'],
};

describe('the gate', () => {
  it.each(FORWARD)('holds forward from %s when everything agrees', async (stage) => {
    const { result } = await gateAt(stage);
    expect(result.evidence.filter(({ holds }) => holds !== 'yes')).toEqual([]);
    expect(result).toMatchObject({ holds: true, from: stage, to: STAGES[STAGES.indexOf(stage) + 1] });
  });

  it.each(BACKWARD)('holds back from %s when everything agrees', async (stage) => {
    const { result } = await gateAt(stage, 'back');
    expect(result.evidence.filter(({ holds }) => holds !== 'yes')).toEqual([]);
    expect(result).toMatchObject({ holds: true, from: stage, to: STAGES[STAGES.indexOf(stage) - 1] });
  });

  it.each<[Stage, 'forward' | 'back']>([
    ['pod-identity', 'forward'],
    ['irsa', 'back'],
  ])('knows no step from %s %s, and does not hold there', async (stage, direction) => {
    const { result, world } = await gateAt(stage, direction);
    expect(result).toMatchObject({ holds: false, from: stage, evidence: [] });
    expect(result).not.toHaveProperty('to');
    expect(world.asked).toEqual([]);
  });

  it.each(FORWARD)('asks each question of %s once', async (stage) => {
    const { world } = await gateAt(stage, 'forward', { targets: [targetOf()] });
    expect(world.asked.length).toBeGreaterThan(0);
    expect(world.asked.toSorted()).toEqual([...new Set(world.asked)].toSorted());
  });

  it.each(FORWARD)('gives evidence of every check of %s, with who was asked and when', async (stage) => {
    const { result } = await gateAt(stage);
    const checks = checksOf(stage, 'forward').filter((check) => !JUDGES_NOTHING[stage]?.includes(check));
    expect([...new Set(result.evidence.map(({ check }) => check))]).toEqual(checks);
    for (const evidence of result.evidence)
      expect(evidence).toMatchObject({
        environment: 'prod',
        when: NOW.toISOString(),
        of: expect.stringMatching(/^(inventory|kubectl --context \S+|apps-prod \(333333333333\) .*)$/),
      });
  });

  it.each<[string, Setting, readonly string[]]>([
    ['its region and that of the global endpoint', {}, ['us-west-2', 'us-east-1']],
    ['one region where the two are the same', { cluster: { region: 'us-east-1' } }, ['us-east-1']],
  ])('asks CloudTrail once for a name: %s', async (_, setting, regions) => {
    const { world } = await gateAt('cutover', 'forward', setting);
    const asked = world.asked.filter((question) => /^events .* AssumeRoleWithWebIdentity/.test(question));
    expect(asked).toEqual(
      regions.map((region) => `events 333333333333 ${region} AssumeRoleWithWebIdentity 2026-11-14T09:00:00.000Z`),
    );
  });

  it('looks no further back than CloudTrail keeps', async () => {
    const { world } = await gateAt('cutover', 'forward', { since: undefined }, (changed) => {
      const account = changed.serviceAccounts['production/orders-api']!;
      changed.serviceAccounts['production/orders-api'] = { ...account, changedAt: '2026-02-01T00:00:00Z' };
      changed.associations[0] = { ...changed.associations[0]!, modifiedAt: '2026-02-01T00:00:00Z' };
    });
    expect(world.asked).toContain('events 333333333333 us-west-2 AssumeRoleWithWebIdentity 2026-08-23T13:00:00.000Z');
    expect(world.asked).toContain('events 333333333333 us-east-1 UpdateAssumeRolePolicy 2026-08-23T13:00:00.000Z');
  });

  it('leaves out workloads of the wave that do not run in the environment', async () => {
    const inventory = pilotAt('irsa');
    const [environment] = inventory.environments;
    const empty = { ...inventory, environments: [{ ...environment!, workloads: [] }] };
    const world = agreedWorld(inventory);
    const request = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const result = await collectEvidence(empty, request, portsTo(world), NOW);
    expect(result.evidence.map(({ check }) => check)).toEqual(['wave-order']);
    expect(world.asked).toEqual([]);
  });
});

describe('a field manager that sets the annotation again', () => {
  const HELM = { manager: 'helm', operation: 'Update' } as const;
  const annotationAt = async (
    stage: Stage,
    direction: 'forward' | 'back',
    manage: 'annotate' | 'none' = 'annotate',
  ) => {
    const setting: Setting = {
      cluster: { kubernetes: { context: 'prod-main' } },
      workload: { serviceAccount: { name: 'orders-api', manage } },
    };
    const { result } = await gateAt(stage, direction, setting, (world) => {
      const account = world.serviceAccounts['production/orders-api']!;
      world.serviceAccounts['production/orders-api'] = { ...account, roleOwners: [HELM] };
    });
    return result.evidence.find(({ check }) => check === 'annotation');
  };

  it.each(['dual', 'cutover'] as const)(
    'is named before the step forward from %s, which it does not stop',
    async (stage) => {
      expect(await annotationAt(stage, 'forward')).toMatchObject({
        holds: 'yes',
        remedy: expect.stringMatching(/^The field manager helm \(Helm\) owns .* Remove the annotation in the values/),
        remedyDue: 'before-step',
      });
    },
  );

  it.each<[Stage, 'forward' | 'back']>([
    ['irsa', 'forward'],
    ['prepared', 'forward'],
    ['cutover', 'back'],
    ['pod-identity', 'back'],
  ])('is not named before the step from %s %s', async (stage, direction) => {
    const evidence = await annotationAt(stage, direction);
    expect(evidence).toMatchObject({ holds: 'yes' });
    expect(evidence).not.toHaveProperty('remedy');
  });

  it('is not named where podlift does not write the annotation', async () => {
    expect(await annotationAt('dual', 'forward', 'none')).not.toHaveProperty('remedy');
  });
});

const METHODS = ['describeCluster', 'addon', 'associations', 'role', 'events', 'pods', 'nodes', 'serviceAccount'];

describe('what is not known', () => {
  it.each(FORWARD.flatMap((stage) => METHODS.map((method) => [stage, method] as const)))(
    'never holds: at %s without an answer to %s',
    async (stage, method) => {
      const { result, world } = await gateAt(stage, 'forward', {}, (changed) => {
        changed.unanswered[method] = 'throttled';
        // So that CloudTrail is asked for the use as well.
        if (method === 'events')
          changed.roles['333333333333/prod-orders-api'] = {
            ...changed.roles['333333333333/prod-orders-api']!,
            lastUsed: '2020-01-01T00:00:00Z',
          };
      });
      if (!world.asked.some((question) => question.startsWith(method))) return;
      const unknown = result.evidence.filter(({ holds }) => holds === 'unknown');
      expect(unknown).not.toEqual([]);
      for (const evidence of unknown) {
        expect(evidence.found).toContain(`throttled: no answer to ${method}`);
        expect(evidence.remedy).toBeTruthy();
      }
      expect(result.holds).toBe(false);
    },
  );
});

function holdTable(stage: Stage, cases: readonly GateCase[], direction: 'forward' | 'back' = 'forward') {
  it.each(cases)('$check says $holds: $title', async ({ check, holds, setting, change, found, remedy, at = stage }) => {
    const { result } = await gateAt(at, direction, setting, change);
    const evidence = result.evidence.filter((one) => one.check === check);
    const worst = evidence.find((one) => one.holds === holds && (found?.test(one.found) ?? true));
    expect(worst ?? evidence).toMatchObject({ holds });
    if (remedy !== undefined) expect(worst?.remedy).toMatch(remedy);
    expect(result.evidence.flatMap((one) => unannounced(one.remedy ?? ''))).toEqual([]);
    if (holds === 'yes') expect(evidence.map((one) => one.holds)).toEqual(evidence.map(() => 'yes'));
    else expect(worst?.remedy).toBeTruthy();
    expect(result.holds && holds !== 'yes').toBe(false);
  });
}

describe('irsa → prepared', () => {
  holdTable('irsa', IRSA_CASES);
});
describe('prepared → dual', () => {
  holdTable('prepared', PREPARED_CASES);
});
describe('dual → cutover', () => {
  holdTable('dual', DUAL_CASES);
});
describe('cutover → pod-identity', () => {
  holdTable('cutover', CUTOVER_CASES);
});
describe('a step back', () => {
  holdTable('dual', BACK_CASES, 'back');
});
