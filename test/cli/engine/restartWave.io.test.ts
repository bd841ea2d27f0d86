import { restartWave, type RestartWorld } from '../../../src/cli/engine/restartWave';
import { estateFor, loadLivePorts } from '../../../src/cli/estateFor';
import { placesOf } from '../../../src/estate/places';
import type { Estate } from '../../../src/estate/Estate';
import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { operatorsKubectl } from '../../../src/runners/restarts';
import { parse } from 'yaml';
import { blockOf } from '../../e2e/permissions/permissionsPage';
import type { PolicyRule } from '../../../src/sandbox/startSandbox';
import { CLUSTER, inventoryAt, type Live, startLive } from '../../operations/gate/live/liveWorld';

jest.setTimeout(300_000);

let live: Live;
afterEach(() => live.stop());

interface Seen {
  readonly said: string[];
  readonly slept: number[];
  readonly ran: string[];
}

/** The real kubectl and the real SDK on the sandbox; nobody sleeps. */
function worldOf(change: (estate: Estate) => Estate = (estate) => estate): { world: RestartWorld; seen: Seen } {
  const seen: Seen = { said: [], slept: [], ran: [] };
  return {
    seen,
    world: {
      estate: async (inventory, questions) =>
        change(await estateFor(questions, placesOf(inventory), loadLivePorts, { source: {}, command: ['apply'] })),
      kubectl: (words) => {
        seen.ran.push(words.join(' '));
        return operatorsKubectl(words);
      },
      sleep: (milliseconds) => {
        seen.slept.push(milliseconds);
        return Promise.resolve();
      },
      stopped: () => false,
      say: (line) => void seen.said.push(line),
    },
  };
}

const requestOf = (inventory: Inventory, stage: Stage, more: { atATime?: number; applied?: boolean } = {}) => ({
  inventory,
  environment: inventory.environments[0]!,
  wave: 'pilot',
  stage,
  atATime: 1,
  applied: true,
  ...more,
});

/** Applies a stage, with a Deployment and a StatefulSet whose pods are from the stage before. */
async function standing(before: Stage, stage: Stage, env: Readonly<Record<string, string>> = {}): Promise<Inventory> {
  live = await startLive(inventoryAt(before));
  await live.apply(inventoryAt(before));
  await live.settle({ env });
  await live.settle({ kind: 'StatefulSet', name: 'worker', replicas: 1 });
  const inventory = inventoryAt(stage);
  await live.apply(inventory);
  return inventory;
}

describe('the restarts of `podlift apply --restart`', () => {
  it('wait for EKS, restart one owner after the other, and check what the new pods received', async () => {
    const inventory = await standing('prepared', 'dual');
    const { world, seen } = worldOf();
    const report = await restartWave(requestOf(inventory, 'dual'), world);
    expect(report.problem).toBeUndefined();
    expect(report).toMatchObject({ left: [], byHand: [], slowed: false });
    expect(report).not.toHaveProperty('problem');
    expect(report.restarted.map(({ name, pods }) => [name, pods])).toEqual([
      ['deployment/orders-api', 2],
      ['statefulset/worker', 1],
    ]);
    expect(seen.said[0]).toMatch(/^waiting (2\d|30) s until EKS sees the change of the associations$/);
    expect(seen.slept.length).toBeGreaterThan(20);
    expect(seen.ran.map((one) => one.replace('--context prod-main -n production ', ''))).toEqual([
      'rollout restart deployment/orders-api',
      'rollout status deployment/orders-api --timeout=30m',
      'rollout restart statefulset/worker',
      'rollout status statefulset/worker --timeout=30m',
    ]);
    expect(await live.ask()).toHaveLength(3);

    // All pods have the credentials of the stage: a second run restarts none, and waits for nothing.
    const again = worldOf();
    expect(await restartWave(requestOf(inventory, 'dual'), again.world)).toMatchObject({ restarted: [], left: [] });
    expect(again.seen).toEqual({ said: [], slept: [], ran: [] });
  });

  it('stop at the first new pod without the credentials of the stage, and go on there in the next run', async () => {
    const inventory = await standing('prepared', 'dual', { AWS_WEB_IDENTITY_TOKEN_FILE: '/own' });
    const { world, seen } = worldOf();
    const report = await restartWave(requestOf(inventory, 'dual'), world);
    expect(seen.ran).toHaveLength(2);
    expect(report.restarted).toEqual([]);
    expect(report.left.map(({ name }) => name)).toEqual(['deployment/orders-api', 'statefulset/worker']);
    expect(report.problem).toMatchObject({
      kind: 'credentials',
      target: 'production/deployment/orders-api',
      expected: 'pod-identity',
      pods: [{ received: expect.stringMatching(/both|irsa/) }, {}],
    });
  });

  it('restart nothing where new pods would not get the credentials of the stage', async () => {
    await standing('prepared', 'prepared');
    const ahead = worldOf();
    const missing = await restartWave(requestOf(inventoryAt('dual'), 'dual'), ahead.world);
    expect(missing.problem).toMatchObject({ kind: 'blocked', blocked: [{ why: 'no-association' }] });
    expect(ahead.seen.ran).toEqual([]);

    await live.stop();
    await standing('dual', 'dual');
    const back = worldOf();
    const stays = await restartWave(requestOf(inventoryAt('prepared'), 'prepared'), back.world);
    expect(stays.problem).toMatchObject({ kind: 'blocked', blocked: [{ why: 'association' }] });
    expect(back.seen.ran).toEqual([]);
  });

  it('give pods IRSA again after the way back, and wait although AWS has no time of the change', async () => {
    const inventory = await standing('dual', 'prepared');
    const { world, seen } = worldOf();
    const report = await restartWave(requestOf(inventory, 'prepared'), world);
    expect(report).toMatchObject({ restarted: [{}, {}], left: [] });
    expect(report).not.toHaveProperty('problem');
    expect(seen.slept).toHaveLength(30);
  });

  it('stop where kubectl fails, with what it said', async () => {
    const inventory = await standing('prepared', 'dual');
    const { world } = worldOf();
    const kubectl: RestartWorld['kubectl'] = (words) =>
      Promise.resolve(
        words.includes('status')
          ? { ok: false, message: 'error: deployment exceeded its progress deadline' }
          : { ok: true },
      );
    const report = await restartWave(requestOf(inventory, 'dual', { atATime: 2 }), { ...world, kubectl });
    expect(report.problem).toMatchObject({ kind: 'kubectl', message: expect.stringContaining('progress deadline') });
    expect(report.left).toHaveLength(2);
  });

  it('begin nothing after an interrupt', async () => {
    const inventory = await standing('prepared', 'dual');
    const { world, seen } = worldOf();
    const report = await restartWave(requestOf(inventory, 'dual'), { ...world, stopped: () => true });
    expect(report).toMatchObject({ restarted: [], left: [{}, {}], problem: { kind: 'interrupted' } });
    expect(seen.ran).toEqual([]);
  });

  it('need the permissions of docs/permissions.md, and no more', async () => {
    const inventory = await standing('prepared', 'dual');
    const rulesOf = (name: string) => (parse(blockOf('yaml', name)) as { rules: readonly PolicyRule[] }).rules;
    const { kubernetes } = live.sandbox();
    kubernetes.limit(CLUSTER, rulesOf('read'));
    const refused = await restartWave(requestOf(inventory, 'dual'), worldOf().world);
    expect(refused.problem).toMatchObject({ kind: 'kubectl', message: expect.stringContaining('forbidden') });
    kubernetes.limit(CLUSTER, [...rulesOf('read'), ...rulesOf('restart')]);
    expect(await restartWave(requestOf(inventory, 'dual'), worldOf().world)).toMatchObject({ left: [] });
    kubernetes.limit(CLUSTER);
  });

  it('restart nothing on a cluster that the context does not lead to', async () => {
    const inventory = await standing('prepared', 'dual');
    const { world, seen } = worldOf((estate) => estate);
    const [environment] = inventory.environments;
    const other = { ...environment!.clusters[0]!, kubernetes: { context: 'nowhere' } };
    const moved = { ...inventory, environments: [{ ...environment!, clusters: [other] }] };
    const report = await restartWave(requestOf(moved, 'dual'), world);
    expect(report.problem?.kind).toMatch(/cluster|blocked/);
    expect(seen.ran).toEqual([]);
  });
});
