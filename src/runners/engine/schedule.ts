/** A piece of work that comes after others. */
export interface Task {
  readonly name: string;
  /** Names of tasks that must be done before. A name that is no task is no dependency. */
  readonly dependencies: readonly string[];
}

/** What became of a task. `skipped`: a task that it depends on was not done; `because` is the one that failed first. `stopped`: it was not begun. */
export type Outcome<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'skipped'; readonly because: string }
  | { readonly state: 'stopped' };

/** What can be begun now, and what never can. */
export interface NextTasks {
  readonly ready: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly because: string }[];
}

/** The tasks that can be begun, in their order, and those that depend on a task that was not done. Pure. */
export function nextTasks(
  tasks: readonly Task[],
  outcomes: ReadonlyMap<string, Outcome<unknown>>,
  running: ReadonlySet<string>,
): NextTasks {
  const names = new Set(tasks.map(({ name }) => name));
  const open = tasks.filter(({ name }) => !outcomes.has(name) && !running.has(name));
  const skipped = open.flatMap(({ name, dependencies }) => {
    const because = dependencies.flatMap((one) => notDone(one, outcomes))[0];
    return because === undefined ? [] : [{ name, because }];
  });
  const lost = new Set(skipped.map(({ name }) => name));
  const ready = open
    .filter(({ name }) => !lost.has(name))
    .filter(({ dependencies }) => dependencies.every((one) => !names.has(one) || outcomes.get(one)?.state === 'done'))
    .map(({ name }) => name);
  return { ready, skipped };
}

/** The task that failed first, where a task was not done. */
function notDone(name: string, outcomes: ReadonlyMap<string, Outcome<unknown>>): readonly string[] {
  const outcome = outcomes.get(name);
  if (outcome?.state === 'failed') return [name];
  return outcome?.state === 'skipped' ? [outcome.because] : [];
}

/**
 * Runs tasks in the order of their dependencies, at most `parallelism` at a time. A task that fails stops only those that depend on it. Gives the outcome
 * of each task. Rejects for tasks that wait for each other alone.
 *
 * @param stopped asked before each task: true begins no further one
 */
export async function schedule<T>(
  tasks: readonly Task[],
  {
    parallelism,
    run,
    stopped = () => false,
  }: {
    readonly parallelism: number;
    readonly run: (name: string) => Promise<T>;
    readonly stopped?: () => boolean;
  },
): Promise<ReadonlyMap<string, Outcome<T>>> {
  const outcomes = new Map<string, Outcome<T>>();
  const running = new Map<string, Promise<void>>();
  const begin = (name: string): void => {
    const work = run(name).then(
      (value) => void outcomes.set(name, { state: 'done', value }),
      (error: unknown) => void outcomes.set(name, { state: 'failed', error }),
    );
    running.set(
      name,
      work.finally(() => running.delete(name)),
    );
  };
  while (outcomes.size < tasks.length) {
    const { ready, skipped } = nextTasks(tasks, outcomes, new Set(running.keys()));
    for (const { name, because } of skipped) outcomes.set(name, { state: 'skipped', because });
    if (stopped()) {
      await Promise.all(running.values());
      for (const { name } of tasks) if (!outcomes.has(name)) outcomes.set(name, { state: 'stopped' });
      break;
    }
    for (const name of ready.slice(0, Math.max(0, parallelism - running.size))) begin(name);
    if (running.size > 0) await Promise.race(running.values());
    else if (skipped.length === 0)
      throw new Error(`stacks wait for each other: ${tasks.map(({ name }) => name).join(', ')}`);
  }
  return outcomes;
}
