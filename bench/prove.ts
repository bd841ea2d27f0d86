import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../inventory/loadInventory';
import { prove } from '../proof/prove';
import { benchInventory } from './benchInventory';
import { type Measured, measure, median } from './measure';

// `npm run bench:prove`: the whole process (start, load, prove) and the proof alone, all stages and all steps.

const SIZES = [1000, 5000];
const RUNS = 3;
const WANTED_SECONDS = 30;

const only = process.env.PODLIFT_INVENTORY;
if (only === undefined) compare();
else run(only);

function compare(): void {
  console.log('| workloads | paths | states of steps | attacks | decisions | proof s | whole process s | peak MiB |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-bench-'));
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, benchInventory(size));
    const { inventory } = loadInventory(file);
    if (inventory === undefined) throw new Error('the inventory of the benchmark has errors');
    const alone = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const proof = prove(inventory);
      if (proof.failures.length > 0) throw new Error(`the proof fails: ${proof.failures[0]?.message ?? ''}`);
      return { seconds: (performance.now() - started) / 1000, counts: proof.counts };
    });
    const whole: Measured[] = Array.from({ length: RUNS }, () =>
      measure('bench/prove.ts', folder, { PODLIFT_INVENTORY: file }),
    );
    const seconds = median(alone.map((one) => one.seconds));
    const { paths, mixtures, attacks, decisions } = alone[0]?.counts ?? {
      paths: 0,
      mixtures: 0,
      attacks: 0,
      decisions: 0,
    };
    console.log(
      `| ${[
        ...[size, paths, mixtures, attacks, decisions].map((count) => count.toLocaleString('en')),
        `${seconds.toFixed(2)}${seconds > WANTED_SECONDS ? ' (too slow)' : ''}`,
        median(whole.map((one) => one.seconds)).toFixed(2),
        median(whole.map((one) => one.mebibytes)).toFixed(0),
      ].join(' | ')} |`,
    );
    rmSync(folder, { recursive: true });
  }
}

/** One process to be measured. */
function run(file: string): void {
  const { inventory } = loadInventory(file);
  if (inventory === undefined || prove(inventory).failures.length > 0) process.exitCode = 1;
}
