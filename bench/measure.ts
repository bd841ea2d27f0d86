import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The measures of one process: wall seconds and peak resident MiB. */
export interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Runs a TypeScript file as cdktf.json does, and measures the process. It throws when the process fails. */
export function measure(script: string, folder: string, env: Record<string, string>, ...words: string[]): Measured {
  const peak = join(folder, 'peak-memory');
  const started = process.hrtime.bigint();
  const run = spawnSync(process.execPath, ['-r', './bench/peakMemory.cjs', '-r', 'tsx/cjs', script, ...words], {
    env: { ...process.env, ...env, PEAK_MEMORY_FILE: peak },
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (run.status !== 0) throw new Error(`${script} failed: ${run.stderr}`);
  return { seconds, mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 };
}

/** The median: the middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return ((sorted[middle] ?? NaN) + (sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? NaN)) / 2;
}
