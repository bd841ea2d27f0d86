import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advanceWaves, type StepOptions, stepWorld } from '../../../src/cli/commands/advance';
import { check } from '../../../src/cli/commands/check';
import { UsageError } from '../../../src/cli/exit';
import { loadInventory } from '../../../src/inventory/loadInventory';
import type { ReadySteps } from '../../../src/operations/step/takeReadySteps';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { agreedWorld, NOW, podOf, portsTo, type World } from '../../operations/agreedWorld';
import { PILOT } from '../commandLine';

/** Two waves at `dual`, one that waits for the first, and one at its last stage. */
const INVENTORY = `${PILOT.replace('version: 1\n', 'version: 1\nevidence: audit\n').replace(
  'waves:\n',
  'waves:\n  second: { stages: { prod: dual } } # the second\n  third: { after: pilot, stages: { prod: dual } }\n  last: { stages: { prod: pod-identity } }\n',
)}${['second', 'third', 'last']
  .map(
    (wave) => `  ${wave}-api:
    wave: ${wave}
    namespace: production
    serviceAccount: ${wave}-api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`,
  )
  .join('')}`;
const SINCE = '{ stage: cutover, since: 2026-11-21T12:00:00Z }';

let file: string;
let printed: string[];
beforeEach(() => {
  file = join(folderOf({ 'inventory.yaml': INVENTORY }), 'inventory.yaml');
  process.env.PODLIFT_INVENTORY = file;
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PODLIFT_INVENTORY;
});
afterAll(removeFolders);

const audit = () => join(file, '..', 'audit');

async function run(options: Partial<StepOptions> = {}, change: (world: World) => void = () => undefined) {
  const agreed = agreedWorld(loadInventory(file).inventory!);
  change(agreed);
  const world = stepWorld(() => portsTo(agreed), { source: {}, command: [], clock: () => NOW });
  const exit = await advanceWaves(
    undefined,
    { environment: 'prod', allReady: true, format: 'json', ...options },
    world,
  );
  const text = printed.join('\n');
  return { exit, text, report: options.format === 'text' ? ({} as ReadySteps) : (JSON.parse(text) as ReadySteps) };
}

/** A pod of the first wave that started before the association: its gate fails. */
const oldPod = (world: World) => void world.pods.push(podOf({ name: 'orders-api-old' }));

describe('podlift advance --all-ready', () => {
  it('moves each wave whose gate passes in one edit, with the evidence of each, and what to do for all of them', async () => {
    const { exit, report } = await run();
    expect(report.waves.map(({ wave, answer }) => [wave, answer])).toEqual([
      ['second', 'passes'],
      ['third', 'fails'],
      ['last', 'done'],
      ['pilot', 'passes'],
    ]);
    expect(report).toMatchObject({
      written: true,
      steps: [
        { wave: 'second', from: 'dual', to: 'cutover' },
        { wave: 'pilot', from: 'dual', to: 'cutover' },
      ],
    });
    // What waits for the first wave moves in the next call.
    expect(readFileSync(file, 'utf8')).toBe(
      INVENTORY.replace('second: { stages: { prod: dual } }', `second: { stages: { prod: ${SINCE} } }`).replace(
        'pilot: { stages: { prod: dual } }',
        `pilot: { stages: { prod: ${SINCE} } }`,
      ),
    );
    expect(readdirSync(audit()).sort()).toEqual([
      '2026-11-21T120000Z-prod-pilot-dual-cutover.json',
      '2026-11-21T120000Z-prod-pilot-dual-cutover.md',
      '2026-11-21T120000Z-prod-second-dual-cutover.json',
      '2026-11-21T120000Z-prod-second-dual-cutover.md',
    ]);
    expect(new Set(report.next!.byHand.map((one) => /second-api|orders-api/.exec(one)?.[0]))).toEqual(
      new Set(['second-api', 'orders-api']),
    );
    expect(exit).toBe(0);
  });

  it('gives one pull request that check accepts, with the evidence of several waves', async () => {
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-C', join(file, '..'), '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
        env: { ...process.env, GIT_COMMITTER_DATE: '2026-11-20T00:00:00Z' },
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'base');
    await run();
    printed = [];
    const options = { base: 'HEAD', format: 'json', requireEvidence: true } as const;
    const exit = check(options, new Date('2026-11-22T00:00:00Z'));
    expect([JSON.parse(printed[0]!), exit]).toMatchObject([{ findings: [] }, 0]);
    // Without the evidence of one of them the change is refused.
    const [first] = readdirSync(audit());
    writeFileSync(join(audit(), first!), '');
    expect(check(options, new Date('2026-11-22T00:00:00Z'))).toBe(1);
  });

  it('leaves a wave whose gate fails where it is', async () => {
    const { exit, report, text } = await run({ format: 'text' }, oldPod);
    expect(report).toEqual({});
    expect(readFileSync(file, 'utf8')).toBe(
      INVENTORY.replace('second: { stages: { prod: dual } }', `second: { stages: { prod: ${SINCE} } }`),
    );
    expect(text).toMatch(/second in prod: dual → cutover\n.*inventory\.yaml:\d+\n- /);
    expect(text).toMatch(/For the reasons, and what to do:\n {2}npx podlift gate third .*\n {2}npx podlift gate pilot/);
    expect(exit).toBe(0);
  });

  it('writes nothing in a dry run, and prints the command that takes the steps', async () => {
    const { exit, text } = await run({ format: 'text', dryRun: true });
    expect(text).toContain(
      'Nothing was written: this was a dry run. To take these steps:\n  npx podlift advance --all-ready --environment prod',
    );
    expect(readFileSync(file, 'utf8')).toBe(INVENTORY);
    expect(existsSync(audit())).toBe(false);
    expect(exit).toBe(0);
  });

  it('writes nothing and gives 1 where no gate passes', async () => {
    const { exit, report } = await run({}, (world) => (world.unanswered = { role: 'throttled' }));
    expect(report).toMatchObject({ written: false, steps: [] });
    expect(report).not.toHaveProperty('next');
    expect(readFileSync(file, 'utf8')).toBe(INVENTORY);
    expect(existsSync(audit())).toBe(false);
    expect(exit).toBe(1);
  });

  it('gives 0 where no wave has a step left', async () => {
    writeFileSync(file, INVENTORY.replace(/prod: dual/g, 'prod: pod-identity'));
    const { exit, text } = await run({ format: 'text' });
    expect(text).toContain('Nothing was written. No wave has a step left.');
    expect(exit).toBe(0);
  });

  it('keeps no evidence where the inventory cannot be written', async () => {
    chmodSync(file, 0o444);
    const { exit, report } = await run();
    chmodSync(file, 0o644);
    expect(report).toMatchObject({ written: false, problem: { message: expect.stringContaining('read-only') } });
    expect(readdirSync(audit())).toEqual([]);
    expect(exit).toBe(2);
  });

  it.each<[string, string | undefined, Partial<StepOptions>, RegExp]>([
    ['a wave beside it', 'pilot', { allReady: true }, /remove "pilot", or --all-ready/],
    ['neither', undefined, {}, /name the wave/],
    ['an accepted check', undefined, { allReady: true, accept: ['sdk'], because: 'x' }, /take the step of one wave/],
    ['force', undefined, { allReady: true, force: true, because: 'x' }, /take the step of one wave/],
    ['a saved Estate without a dry run', undefined, { allReady: true, estate: 'e.json' }, /--dry-run/],
  ])('takes %s for a mistake of usage', async (_, wave, options, message) => {
    const call = advanceWaves(wave, { environment: 'prod', format: 'text', ...options });
    await expect(call).rejects.toThrow(UsageError);
    await expect(call).rejects.toThrow(message);
  });
});
