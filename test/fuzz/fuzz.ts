import fc from 'fast-check';
import { parseArgs } from 'node:util';
import type { Target } from './Target';
import { edit } from './targets/edit';
import { evaluator } from './targets/evaluator';
import { http } from './targets/http';
import { loader } from './targets/loader';
import { proof } from './targets/proof';
import { revision } from './targets/revision';

const TARGETS: readonly Target[] = [loader, edit, evaluator, proof, http, revision];

/** How long a target runs before the next one has its turn. */
const TURN_MS = 8_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    path: { type: 'string' },
  },
});

interface Tally {
  cases: number;
  failures: string[];
}

/**
 * Fuzzes the targets in turns until the time is over. The seed of a turn is printed with a failure; with `--target`, `--seed` and `--path` the
 * same case runs again. The same seed gives the same cases, and the time decides how many of them run. Gives 1 for a failure.
 */
async function main(): Promise<number> {
  const end = Date.now() + Number(values.minutes) * 60_000;
  const chosen = TARGETS.filter(({ name }) => (values.target ?? name) === name);
  if (chosen.length === 0)
    throw new Error(`there is no target ${values.target}: ${TARGETS.map(({ name }) => name).join(', ')}`);
  const tallies = new Map<string, Tally>(chosen.map(({ name }) => [name, { cases: 0, failures: [] }]));
  for (let turn = 0; Date.now() < end || turn === 0; turn += 1) {
    for (const target of chosen) {
      const tally = tallies.get(target.name);
      // A target that failed in three turns would only fail again.
      if (tally === undefined || tally.failures.length >= 3) continue;
      const time = Math.min(TURN_MS, Math.max(1000, (end - Date.now()) / chosen.length));
      await take(target, Number(values.seed) + turn, time, tally);
      if (Date.now() >= end && turn > 0) break;
    }
    if ([...tallies.values()].every(({ failures }) => failures.length >= 3)) break;
    if (values.path !== undefined) break;
  }
  for (const [name, { cases, failures }] of tallies) print(`${name}: ${cases} cases, ${failures.length} failures`);
  const all = [...tallies.values()];
  for (const failure of all.flatMap(({ failures }) => failures)) print(`\n${failure}`);
  return all.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** One turn of a target. */
async function take(target: Target, seed: number, time: number, tally: Tally): Promise<void> {
  await target.start?.();
  try {
    const details = await fc.check(target.property(), {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: time,
      markInterruptAsFailure: false,
      ...(values.path === undefined ? {} : { path: values.path, numRuns: 1 }),
    });
    tally.cases += details.numRuns;
    if (!details.failed) return;
    const again = `npm run test:fuzz -- --target ${target.name} --seed ${seed} --path ${details.counterexamplePath ?? ''}`;
    const error = details.errorInstance;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.failures.push(
      `${target.name}: ${what}\n${fc.stringify(details.counterexample)}\nThe same case again: ${again}`,
    );
    print(tally.failures.at(-1));
  } finally {
    await target.stop?.();
  }
}

void main().then((code) => {
  process.exitCode = code;
});
