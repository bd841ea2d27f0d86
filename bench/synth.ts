import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchInventory } from './benchInventory';
import { type Measured, measure, median } from './measure';

// `npm run bench:synth` compares main.ts with a bare cdktf app that has the same number of resources of each type, in turn in one run.

const SIZES = [10, 100, 1000, 5000];
const RUNS = 3;

console.log('| workloads | resources | podlift s | bare cdktf s | ratio | podlift MiB | bare cdktf MiB |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const size of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-bench-'));
  const inventory = join(folder, 'inventory.yaml');
  writeFileSync(inventory, benchInventory(size));
  const podlift = { PODLIFT_INVENTORY: inventory, CDKTF_OUTDIR: join(folder, 'podlift') };
  measure('main.ts', folder, podlift);
  const counts = resourceCounts(podlift.CDKTF_OUTDIR);
  const bare = { BARE_COUNTS: JSON.stringify(counts), CDKTF_OUTDIR: join(folder, 'bare') };
  measure('bench/bareApp.ts', folder, bare);
  if (JSON.stringify(resourceCounts(bare.CDKTF_OUTDIR)) !== JSON.stringify(counts))
    throw new Error('the bare app does not emit the same resources');

  const pairs = Array.from({ length: RUNS }, (): readonly [Measured, Measured] => [
    measure('main.ts', folder, podlift),
    measure('bench/bareApp.ts', folder, bare),
  ]);
  const of = (pick: (pair: readonly [Measured, Measured]) => number) => median(pairs.map(pick));
  const total = Object.values(counts)
    .flatMap((types) => Object.values(types))
    .reduce((sum, count) => sum + count, 0);
  console.log(
    `| ${[
      size,
      total,
      of(([a]) => a.seconds).toFixed(2),
      of(([, b]) => b.seconds).toFixed(2),
      of(([a, b]) => a.seconds / b.seconds).toFixed(2),
      of(([a]) => a.mebibytes).toFixed(0),
      of(([, b]) => b.mebibytes).toFixed(0),
    ].join(' | ')} |`,
  );
  rmSync(folder, { recursive: true });
}

/** Stack → resource type → number of resources in the synthesised files. */
function resourceCounts(outdir: string): Record<string, Record<string, number>> {
  const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return Object.fromEntries(
    Object.entries(manifest.stacks).map(([stack, { synthesizedStackPath }]) => {
      const { resource } = JSON.parse(readFileSync(join(outdir, synthesizedStackPath), 'utf8')) as {
        resource: Record<string, object>;
      };
      return [
        stack,
        Object.fromEntries(Object.entries(resource).map(([type, all]) => [type, Object.keys(all).length])),
      ];
    }),
  );
}
