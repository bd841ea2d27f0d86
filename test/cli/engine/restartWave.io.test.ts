import type { RestartWorld } from '../../../src/cli/engine/restartOne';
import { restartWave } from '../../../src/cli/engine/restartWave';
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
      kubectl: (words, onLine) => {
        seen.ran.push(words.join(' '));
        return operatorsKubectl()(words, onLine);
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
      'get deployment/orders-api -o json',
      'rollout restart deployment/orders-api',
      'rollout status deployment/orders-api --timeout=30m',
      'get statefulset/worker -o json',
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
    expect(seen.ran).toHaveLength(3);
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
          : { ok: true, output: '{}' },
      );
    const report = await restartWave(requestOf(inventory, 'dual', { atATime: 2 }), { ...world, kubectl });
    expect(report.problem).toMatchObject({ kind: 'kubectl', message: expect.stringContaining('progress deadline') });
    expect(report.left).toHaveLength(2);
  });

  describe('of an owner whose pods a rollout does not replace', () => {
    /** Brings the inventory to `dual` with a DaemonSet, a StatefulSet or a Deployment of the stage before. */
    const owned = async (kind: string, spec: object, change?: object): Promise<Inventory> => {
      live = await startLive(inventoryAt('prepared'));
      await live.apply(inventoryAt('prepared'));
      const template = {
        metadata: { labels: { app: 'own' } },
        spec: { serviceAccountName: 'orders-api', containers: [{ name: 'app', image: 'registry.invalid/app' }] },
      };
      const object = { apiVersion: 'apps/v1', kind, metadata: { name: 'own' } };
      const whole = { ...object, spec: { selector: { matchLabels: { app: 'own' } }, template, ...spec } };
      await live.kubectl('apply -f -', JSON.stringify(whole));
      if (change !== undefined) await live.kubectl(`patch ${kind} own -p '${JSON.stringify(change)}'`);
      const inventory = inventoryAt('dual');
      await live.apply(inventory);
      return inventory;
    };
    const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
    const onDelete = { updateStrategy: { type: 'OnDelete' } };
    const newTemplate = { spec: { template: { metadata: { labels: { version: 'next' } } } } };

    it.each([
      ['a StatefulSet with a partition', 'StatefulSet', { replicas: 3, ...partition }, ['own-2', 'own-1', 'own-0']],
      ['a StatefulSet with OnDelete', 'StatefulSet', { replicas: 2, ...onDelete }, ['own-1', 'own-0']],
    ])('replace each pod of %s, the last one first', async (_, kind, spec, deleted) => {
      const inventory = await owned(kind, spec);
      const { world, seen } = worldOf();
      const report = await restartWave(requestOf(inventory, 'dual'), world);
      expect(report).toMatchObject({ restarted: [{ name: 'statefulset/own' }], left: [] });
      expect(report).not.toHaveProperty('problem');
      const done = seen.ran.map((one) => one.replace('--context prod-main -n production ', ''));
      expect(done).toEqual([
        'get statefulset/own -o json',
        ...deleted.map((pod) => `delete pod/${pod} --wait=true --timeout=10m`),
      ]);
      expect((await live.ask()).every(({ source }) => source.ok)).toBe(true);
    });

    it('keep the template that the pods below a partition have', async () => {
      const inventory = await owned('StatefulSet', { replicas: 3, ...partition }, newTemplate);
      const versions = () => live.kubectl('get pods -l app=own -o jsonpath={.items[*].metadata.labels.version}');
      expect(await versions()).toBe('next');
      expect(await restartWave(requestOf(inventory, 'dual'), worldOf().world)).toMatchObject({ left: [] });
      expect(await versions()).toBe('next');
    });

    it('replace the pods of a DaemonSet with OnDelete', async () => {
      const inventory = await owned('DaemonSet', onDelete);
      const { world, seen } = worldOf();
      const report = await restartWave(requestOf(inventory, 'dual'), world);
      expect(report).not.toHaveProperty('problem');
      expect(seen.ran.some((one) => one.includes('rollout'))).toBe(false);
      expect(seen.ran.filter((one) => one.includes(' delete pod/own-'))).toHaveLength(2);
    });

    it.each([
      ['a template that the team holds back', 'DaemonSet', onDelete, newTemplate, 'held', /delete pod own-/],
      [
        'a pause',
        'Deployment',
        { replicas: 1 },
        { spec: { paused: true } },
        'paused',
        /rollout resume deployment\/own/,
      ],
    ])('change nothing at %s, and say what a person does', async (_, kind, spec, change, why, text) => {
      const inventory = await owned(kind, spec, change);
      const { world, seen } = worldOf();
      const { problem, left } = await restartWave(requestOf(inventory, 'dual'), world);
      expect(problem).toMatchObject({ kind: 'held-back', why });
      expect(left).toHaveLength(1);
      expect(seen.ran).toHaveLength(1);
      const remedy = problem?.kind === 'held-back' ? problem.remedy : [];
      expect(remedy.map((step) => ('run' in step ? step.run.join(' ') : '')).join('\n')).toMatch(text);
    });
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
