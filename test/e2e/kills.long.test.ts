import { killApplies, noKills, randomOf } from './killedApplies';

// PODLIFT_KILLS=100 PODLIFT_SEED=7 npx jest --selectProjects long test/e2e/kills
const KILLS = Number(process.env.PODLIFT_KILLS ?? 6);
const SEED = Number(process.env.PODLIFT_SEED ?? Math.floor(Math.random() * 1_000_000));
/** A new AWS after so many kills: its first applies create everything. */
const EACH = 10;

it(
  `converges after ${KILLS} kills at random points, by the commands of docs/RECOVERY.md alone (seed ${SEED})`,
  async () => {
    const random = randomOf(SEED);
    const counts = noKills();
    for (let left = KILLS; left > 0; left -= EACH)
      await killApplies(Math.min(left, EACH), random, counts, (line) => {
        process.stderr.write(`${line}\n`);
      });
    process.stderr.write(`seed ${SEED}: ${JSON.stringify(counts)}\n`);
    expect(counts.kills).toBe(KILLS);
  },
  4 * 3_600_000,
);
