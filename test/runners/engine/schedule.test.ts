import * as fc from 'fast-check';
import { nextTasks, type Outcome, schedule, type Task } from '../../../src/runners/engine/schedule';

const task = (name: string, ...dependencies: string[]): Task => ({ name, dependencies });
const TASKS = [task('identity'), task('targets'), task('accounts', 'identity'), task('report', 'accounts', 'targets')];
const done: Outcome<unknown> = { state: 'done', value: undefined };
const failed: Outcome<unknown> = { state: 'failed', error: new Error('no') };

describe('the stacks that can be begun', () => {
  it.each<[string, Record<string, Outcome<unknown>>, string[], string[], Record<string, string>]>([
    ['at the start: those without dependencies', {}, [], ['identity', 'targets'], {}],
    ['while one runs: the others', {}, ['identity'], ['targets'], {}],
    ['after a dependency is done', { identity: done }, [], ['targets', 'accounts'], {}],
    ['not before all dependencies are done', { identity: done, accounts: done }, ['targets'], [], {}],
    ['those that do not depend on a failed one', { identity: failed }, [], ['targets'], { accounts: 'identity' }],
    [
      'none of those behind a skipped one',
      { identity: failed, accounts: { state: 'skipped', because: 'identity' } },
      [],
      ['targets'],
      { report: 'identity' },
    ],
  ])('%s', (_, outcomes, running, ready, skipped) => {
    const next = nextTasks(TASKS, new Map(Object.entries(outcomes)), new Set(running));
    expect(next.ready).toEqual(ready);
    expect(Object.fromEntries(next.skipped.map(({ name, because }) => [name, because]))).toEqual(skipped);
  });

  it('a dependency that is not asked for is no dependency', () => {
    expect(nextTasks([task('accounts', 'identity')], new Map(), new Set()).ready).toEqual(['accounts']);
  });
});

/** Tasks that depend on earlier ones, which of them fail, and how many run at a time. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.boolean()), { minLength: 1, maxLength: 12 })
  .chain((nodes) =>
    fc.record({
      tasks: fc.constant(
        nodes.map(([edges], index) =>
          task(`t${index}`, ...(index === 0 ? [] : edges.map((edge) => `t${edge % index}`))),
        ),
      ),
      bad: fc.constant(new Set(nodes.flatMap(([, fails], index) => (fails ? [`t${index}`] : [])))),
      parallelism: fc.integer({ min: 1, max: 4 }),
    }),
  );

describe('a run of stacks', () => {
  it('begins each stack after its dependencies, at most so many at a time, and skips only what depends on a failed one', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async ({ tasks, bad, parallelism }) => {
        const ended = new Set<string>();
        let running = 0;
        let most = 0;
        const outcomes = await schedule(tasks, {
          parallelism,
          run: async (name) => {
            const { dependencies } = tasks.find((one) => one.name === name)!;
            expect(dependencies.every((one) => ended.has(one))).toBe(true);
            running += 1;
            most = Math.max(most, running);
            await Promise.resolve();
            running -= 1;
            if (bad.has(name)) throw new Error(name);
            ended.add(name);
          },
        });
        expect(most).toBeLessThanOrEqual(parallelism);
        for (const { name, dependencies } of tasks) {
          const blocked = dependencies.some((one) => outcomes.get(one)?.state !== 'done');
          expect(outcomes.get(name)?.state).toBe(blocked ? 'skipped' : bad.has(name) ? 'failed' : 'done');
        }
      }),
      { numRuns: 200 },
    );
  });

  it('runs as many as it may at the same time', async () => {
    const begun: string[] = [];
    const release: (() => void)[] = [];
    const run = schedule([task('a'), task('b'), task('c')], {
      parallelism: 2,
      run: (name) => {
        begun.push(name);
        return new Promise<void>((resolve) => release.push(resolve));
      },
    });
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);
    release[0]!();
    await new Promise(setImmediate);
    expect(begun).toEqual(['a', 'b', 'c']);
    release.forEach((one) => {
      one();
    });
    await run;
  });

  it('begins no further stack after an interrupt, and waits for those that run', async () => {
    let interrupted = false;
    const outcomes = await schedule([task('a'), task('b', 'a'), task('c')], {
      parallelism: 1,
      stopped: () => interrupted,
      run: () => {
        interrupted = true;
        return Promise.resolve();
      },
    });
    expect([...outcomes].map(([name, { state }]) => [name, state])).toEqual([
      ['a', 'done'],
      ['b', 'stopped'],
      ['c', 'stopped'],
    ]);
  });

  it('rejects stacks that wait for each other', async () => {
    const waiting = schedule([task('a', 'b'), task('b', 'a')], { parallelism: 2, run: () => Promise.resolve() });
    await expect(waiting).rejects.toThrow('stacks wait for each other: a, b');
  });
});
