import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../src/inventory/loadInventory';
import { statusOf } from '../src/operations/status/statusOf';
import { proveInventory } from '../src/proof/proveInventory';
import { benchInventory } from './benchInventory';
import { type Measured, measure, median } from './measure';

// `npm run bench:prove` measures the whole process (start, load, prove), the proof alone with all stages and steps, the proof of one
// workload of each group (as a synthesis runs it), and `podlift status`.

const SIZES = [1000, 5000];
const RUNS = 3;
const WANTED_SECONDS = 30;

const only = process.env.PODLIFT_INVENTORY;
if (only === undefined) compare();
else run(only);

function compare(): void {
  console.log(
    '| workloads | paths | states of steps | attacks | decisions | proof s | whole process s | peak MiB | before synth s | status s | `podlift status` s |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-bench-'));
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, benchInventory(size));
    const { inventory } = loadInventory(file);
    if (inventory === undefined) throw new Error('the inventory of the benchmark has errors');
    const alone = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const { failures, counts } = proveInventory(inventory);
      if (failures.length > 0) throw new Error(`the proof fails: ${failures[0]?.message ?? ''}`);
      return { seconds: (performance.now() - started) / 1000, counts };
    });
    const whole: Measured[] = Array.from({ length: RUNS }, () =>
      measure('bench/prove.ts', folder, { PODLIFT_INVENTORY: file }),
    );
    const once = Array.from({ length: RUNS }, () => seconds(() => proveInventory(inventory, { oncePerGroup: true })));
    const told = Array.from({ length: RUNS }, () => seconds(() => statusOf(inventory, new Date())));
    const status = Array.from({ length: RUNS }, () =>
      measure('src/cli/podlift.js', folder, { PODLIFT_INVENTORY: file }, 'status'),
    );
    const proof = median(alone.map((one) => one.seconds));
    const { paths, mixtures, attacks, decisions } = alone[0]?.counts ?? {
      paths: 0,
      mixtures: 0,
      attacks: 0,
      decisions: 0,
    };
    console.log(
      `| ${[
        ...[size, paths, mixtures, attacks, decisions].map((count) => count.toLocaleString('en')),
        `${proof.toFixed(2)}${proof > WANTED_SECONDS ? ' (too slow)' : ''}`,
        median(whole.map((one) => one.seconds)).toFixed(2),
        median(whole.map((one) => one.mebibytes)).toFixed(0),
        median(once).toFixed(2),
        median(told).toFixed(3),
        median(status.map((one) => one.seconds)).toFixed(2),
      ].join(' | ')} |`,
    );
    rmSync(folder, { recursive: true });
  }
}

function seconds(work: () => unknown): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}

/** A process to measure. */
function run(file: string): void {
  const { inventory } = loadInventory(file);
  if (inventory === undefined || proveInventory(inventory).failures.length > 0) process.exitCode = 1;
}
