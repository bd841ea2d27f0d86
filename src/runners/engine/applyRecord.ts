import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../privateFiles';

/** What an apply that has not ended well has done: `--resume` goes on from here. */
export interface ApplyRecord {
  /** The absolute path of the inventory. */
  readonly inventory: string;
  /** The environment that was asked for. Absent: all. */
  readonly environment?: string;
  /** The wave of `--wave`. */
  readonly wave?: string;
  /** The absolute path of the folder of `--plan`. */
  readonly plans?: string;
  /** The stacks that were asked for, in the order of their roots. */
  readonly stacks: readonly RecordedStack[];
}

/** A stack of a record. */
export interface RecordedStack {
  readonly stack: string;
  /** The digest of its root. */
  readonly root: string;
  /** `done`: it was applied, or had no changes. `begun`: its apply failed, or was interrupted. */
  readonly progress: 'open' | 'begun' | 'done';
}

const FORMAT = 'podlift.apply-record/1';

/** The record in a folder. Undefined: the last apply ended well, or there was none. */
export function readRecord(folder: string): ApplyRecord | undefined {
  const file = fileOf(folder);
  if (!existsSync(file)) return undefined;
  const { format, ...record } = JSON.parse(readPrivateFile(file)) as ApplyRecord & { readonly format?: unknown };
  return format === FORMAT ? record : undefined;
}

/** Writes the record in one step, for its owner alone; removes it where all stacks are done. */
export function writeRecord(folder: string, record: ApplyRecord): void {
  if (record.stacks.every(({ progress }) => progress === 'done')) rmSync(fileOf(folder), { force: true });
  else writePrivateFile(fileOf(folder), `${JSON.stringify({ format: FORMAT, ...record }, null, 2)}\n`);
}

function fileOf(folder: string): string {
  return join(folder, 'apply.json');
}
