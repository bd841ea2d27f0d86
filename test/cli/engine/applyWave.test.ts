import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyWave, type WaveChoice, type WaveWorld } from '../../../src/cli/engine/applyWave';
import type { AppliedStacks } from '../../../src/cli/engine/runStacks';
import { stopText } from '../../../src/cli/engine/waveText';
import { waveChoice } from '../../../src/cli/engine/waveCommand';
import { stepWorld } from '../../../src/cli/commands/advance';
import { UsageError } from '../../../src/cli/exit';
import { loadInventory } from '../../../src/inventory/loadInventory';
import type { Stage } from '../../../src/inventory/Inventory';
import type { Evidence } from '../../../src/operations/gate/gate';
import { stepOf } from '../../../src/operations/gate/Step';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { agreedWorld, irsaPod, NOW, podOf, portsTo, type World } from '../../operations/agreedWorld';
import { PILOT } from '../commandLine';

afterEach(() => {
  delete process.env.PODLIFT_INVENTORY;
});
afterAll(removeFolders);

const textAt = (stage: Stage) => PILOT.replace('prod: dual', `prod: ${stage}`);
const NO_STACKS = { reports: [], losses: [], others: [] };

interface Setting extends Partial<WaveChoice> {
  /** What the gate finds at each call; the last one stays. Default: it passes. */
  readonly gates?: readonly (readonly Partial<Evidence>[])[];
  readonly change?: (world: World) => void;
  readonly applied?: Partial<AppliedStacks>;
  readonly stopAfter?: number;
}

/** Runs a wave from a stage in a world where nothing is real but the inventory; `did` has what was done, in order. */
async function run(stage: Stage, setting: Setting = {}) {
  const { gates = [[]], change = () => undefined, applied = {}, stopAfter = Infinity, ...choice } = setting;
  const file = join(folderOf({ 'inventory.yaml': textAt(stage) }), 'inventory.yaml');
  process.env.PODLIFT_INVENTORY = file;
  const did: string[] = [];
  const said: string[] = [];
  let time = 0;
  let judged = 0;
  const stageNow = () => stepOf(loadInventory(file).inventory!, { ...WHO, direction: 'forward' }).step.from;
  const estate: WaveWorld['restarts']['estate'] = (inventory, questions) => {
    const agreed = agreedWorld(inventory);
    change(agreed);
    const { estate: read } = stepWorld(() => portsTo(agreed), { source: {}, command: [], clock: () => NOW });
    return read(inventory, questions);
  };
  const world: WaveWorld = {
    apply: () => {
      did.push(`apply ${stageNow()}`);
      return Promise.resolve({ approved: true, ...NO_STACKS, ...applied } as unknown as AppliedStacks);
    },
    step: () => ({
      estate,
      judge: (inventory, request) => {
        const { step, to } = stepOf(inventory, request);
        const found = gates[Math.min(judged, gates.length - 1)] ?? [];
        judged += 1;
        const evidence = found.map((one) => ({
          ...{ check: 'agent', environment: 'prod', asked: '', of: '', when: '', found: 'not yet', holds: 'no' },
          ...one,
        })) as readonly Evidence[];
        return { ...request, from: step.from, ...(to && { to }), evidence, holds: evidence.length === 0 };
      },
    }),
    restarts: {
      estate,
      kubectl: (words) => {
        did.push(words.slice(4).join(' '));
        return Promise.resolve({ ok: true, output: '{}' });
      },
      sleep: (milliseconds) => {
        time += milliseconds;
        return Promise.resolve();
      },
      stopped: () => time >= stopAfter,
      say: (line) => void said.push(line),
    },
    now: () => time,
  };
  const done = await applyWave({ ...WHO, restart: false, atATime: 1, waitSeconds: 60, ...choice }, world);
  return { run: done!, did, said, seconds: time / 1000, content: readFileSync(file, 'utf8') };
}

const WHO = { wave: 'pilot', environment: 'prod' };

describe('podlift apply --through', () => {
  it('applies the stage, waits until the gate passes, writes the next stage, and applies it', async () => {
    const {
      run: done,
      did,
      seconds,
      content,
    } = await run('prepared', {
      through: 'dual',
      gates: [[{}], [{ check: 'trust' }, { holds: 'unknown', reason: 'throttled' }], []],
    });
    expect(did).toEqual(['apply prepared', 'apply dual']);
    expect(seconds).toBe(30);
    expect(done).toMatchObject({ stage: 'dual', steps: [{ from: 'prepared', to: 'dual', written: true }] });
    expect(done).not.toHaveProperty('stopped');
    expect(content).toBe(textAt('dual').replace('prod: dual', 'prod: { stage: dual, since: 2026-11-21T12:00:00Z }'));
  });

  it('only applies where the wave has the stage already: a run that was stopped goes on', async () => {
    expect((await run('dual', { through: 'dual' })).did).toEqual(['apply dual']);
  });

  it.each<[string, Partial<Evidence>]>([
    ['a check that a person has to fix', { check: 'credential-chain' }],
    ['a soak', { check: 'soak' }],
    ['a missing permission', { check: 'trust', holds: 'unknown', reason: 'denied' }],
    ['a context of another cluster', { check: 'association', identity: true }],
  ])('stops at once at %s, and says why', async (_, evidence) => {
    const { run: done, did, seconds, content } = await run('prepared', { through: 'dual', gates: [[evidence]] });
    expect([did, seconds]).toEqual([['apply prepared'], 0]);
    expect(done.stopped).toMatchObject({ kind: 'gate', because: 'people' });
    expect(stopText(done.stopped!, done, { colour: false, width: 200 })).toMatch(
      /the gate of prepared → dual does not pass. Waiting does not change this:[^]*not yet/,
    );
    expect(content).toBe(textAt('prepared'));
  });

  it('stops when the time is over, and at an interrupt', async () => {
    const late = await run('prepared', { through: 'dual', gates: [[{}]] });
    expect(late.run.stopped).toMatchObject({ kind: 'gate', because: 'time' });
    expect([late.seconds, late.content]).toEqual([60, textAt('prepared')]);
    const interrupted = await run('prepared', { through: 'dual', gates: [[{}]], stopAfter: 3000 });
    expect(interrupted.run.stopped).toEqual({ kind: 'interrupted' });
    expect(interrupted.seconds).toBe(3);
  });

  it('says what it waits for, and applies nothing after an interrupt', async () => {
    const {
      said,
      run: done,
      did,
    } = await run('prepared', {
      through: 'dual',
      gates: [[{ check: 'trust', workload: 'orders-api', cluster: 'main' }], []],
      stopAfter: 15_000,
    });
    expect(said[0]).toBe('waiting until the gate passes: trust (orders-api on main: not yet)');
    expect(did).toEqual(['apply prepared']);
    expect(done.stopped).toEqual({ kind: 'interrupted' });
  });

  it('asks no gate where the stacks were not applied', async () => {
    const { run: done, content } = await run('prepared', { through: 'dual', applied: { approved: false } });
    expect(done.stopped).toEqual({ kind: 'apply' });
    expect(content).toBe(textAt('prepared'));
  });

  it.each<[Stage, Stage, RegExp]>([
    ['irsa', 'dual', /use --through prepared, and commit the inventory; check --base refuses a change that skips/],
    ['dual', 'prepared', /use --rollback-to prepared/],
  ])(
    'takes a wave at %s and the stage %s for a mistake of usage: the inventory never jumps',
    async (at, through, text) => {
      const call = run(at, { through });
      await expect(call).rejects.toThrow(UsageError);
      await expect(call).rejects.toThrow(text);
    },
  );
});

describe('podlift apply --restart', () => {
  const old = (world: World) => void world.pods.push(podOf({ name: 'orders-api-old' }));

  it('restarts after the apply, and stops where new pods have other credentials', async () => {
    const { run: done, did } = await run('dual', { restart: true, change: old });
    expect(did).toEqual([
      'apply dual',
      'get deployment/orders-api -o json',
      'rollout restart deployment/orders-api',
      'rollout status deployment/orders-api --timeout=30m',
    ]);
    // The world of the test replaces no pod.
    expect(done.stopped).toEqual({ kind: 'restarts' });
    expect(stopText(done.stopped!, done, { colour: false, width: 200 })).toMatch(
      /New pods of production\/deployment\/orders-api on main do not have Pod Identity:[^]*\n {2}orders-api-old: no credentials/,
    );
  });

  it.each([
    ['one at a time while EKS Auth throttles', 'Client.ThrottlingException', true, 1],
    ['as many at a time as asked for while another error happens', 'AccessDenied', false, 2],
  ] as const)('restarts %s', async (_, error, slowed, begun) => {
    const change = (world: World) => {
      for (const name of ['one', 'two'])
        world.pods.push(podOf({ name: `${name}-old`, owner: { kind: 'Deployment', name } }));
      const [event] = world.events;
      world.events.push({ ...event!, name: 'AssumeRoleForPodIdentity', at: '2026-11-21T11:30:00Z', error });
    };
    const { run: done, did } = await run('dual', { restart: true, atATime: 2, change });
    expect(done.restarts[0]!.slowed).toBe(slowed);
    expect(did.filter((one) => one.startsWith('rollout restart'))).toHaveLength(begun);
  });

  it('restarts before an apply that takes the old credentials away', async () => {
    const { did } = await run('pod-identity', {
      restart: true,
      change: (world) => void world.pods.push(irsaPod()),
    });
    expect(did.slice(0, 2)).toEqual(['get deployment/orders-api -o json', 'rollout restart deployment/orders-api']);
    expect(did).not.toContain('apply pod-identity');
  });
});

describe('podlift apply --restart of a new workload', () => {
  const bare = (world: World) => {
    world.pods.push(podOf({ name: 'orders-api-bare' }));
    world.associations = [];
  };
  it.each<[Stage]>([['irsa'], ['pod-identity']])(
    'applies %s first: no pod holds what the apply takes away, and none can get credentials before it',
    async (stage) => {
      const { did } = await run(stage, { restart: true, change: bare });
      expect(did[0]).toBe(`apply ${stage}`);
    },
  );
});

describe('podlift apply --rollback-to', () => {
  it('applies `dual` first where an earlier run has written it and was killed before its apply', async () => {
    const missing = { check: 'annotation' } as const;
    const { run: done, did } = await run('dual', { rollbackTo: 'irsa', gates: [[missing], []] });
    expect(did).toEqual(['apply dual', 'apply prepared', 'apply irsa']);
    expect(done).not.toHaveProperty('stopped');
  });

  it.each<[string, Stage, readonly Partial<Evidence>[]]>([
    ['another check fails too', 'dual', [{ check: 'annotation' }, { check: 'association' }]],
    ['the annotation could not be checked', 'dual', [{ check: 'annotation', holds: 'unknown', reason: 'denied' }]],
    ['the stage is no step of the way', 'pod-identity', [{ check: 'annotation' }]],
  ])('applies nothing that the operator leaves where %s', async (_, stage, gate) => {
    const { run: done, did } = await run(stage, { rollbackTo: 'prepared', gates: [gate] });
    expect(did).toEqual([]);
    expect(done.stopped).toMatchObject({ kind: 'gate', because: 'people' });
  });

  it('takes each step with its gate and applies each stage, without an apply of the stage that is left', async () => {
    const { run: done, did } = await run('dual', { rollbackTo: 'irsa' });
    expect(did).toEqual(['apply prepared', 'apply irsa']);
    expect(done).toMatchObject({
      stage: 'irsa',
      steps: [
        { from: 'dual', to: 'prepared' },
        { from: 'prepared', to: 'irsa' },
      ],
    });
  });

  it('gives no pod the mode that the operator leaves', async () => {
    const { did } = await run('pod-identity', {
      rollbackTo: 'dual',
      change: (world) => void world.pods.push(podOf({ name: 'orders-api-old' })),
    });
    expect(did.filter((one) => one.startsWith('rollout'))).toEqual([]);
  });

  it('stops at once where the first gate does not pass, and changes nothing', async () => {
    const { run: done, did, content } = await run('dual', { rollbackTo: 'irsa', gates: [[{ check: 'trust' }]] });
    expect([did, content]).toEqual([[], textAt('dual')]);
    expect(done.stopped).toMatchObject({ kind: 'gate', because: 'people' });
  });

  it('takes a later stage for a mistake of usage', async () => {
    await expect(run('dual', { rollbackTo: 'cutover' })).rejects.toThrow(/a rollback goes to an earlier stage/);
  });
});

describe('the flags of a wave', () => {
  const none = { stacks: [] };
  it('have a wait for the way back too', () => {
    expect(waveChoice({ wave: 'pilot', rollbackTo: 'irsa', wait: 2 }, none)).toMatchObject({ waitSeconds: 120 });
  });
  it('are nothing where none is given', () => {
    expect(waveChoice({ wave: 'pilot' }, none)).toBeUndefined();
  });
  it.each<[Parameters<typeof waveChoice>[0], Parameters<typeof waveChoice>[1], RegExp]>([
    [{ restart: true }, none, /--restart is for one wave: add --wave/],
    [{ wave: 'pilot', atATime: 2 }, none, /--at-a-time is for --restart/],
    [{ wave: 'pilot', wait: 2 }, none, /--wait is for --through and --rollback-to/],
    [{ wave: 'pilot', restart: true, wait: 2 }, none, /--wait is for --through and --rollback-to/],
    [{ wave: 'pilot', through: 'dual', rollbackTo: 'irsa' }, none, /remove one of them/],
    [{ wave: 'pilot', restart: true }, { stacks: ['prod-identity'] }, /remove the stacks/],
    [{ wave: 'pilot', through: 'dual' }, { stacks: [], resume: true }, /repeat its command/],
  ])('%j are a mistake of usage', (flags, others, text) => {
    expect(() => waveChoice(flags, others)).toThrow(text);
  });
});
