import type fc from 'fast-check';

/** One part of podlift that is fuzzed. */
export interface Target {
  readonly name: string;
  /** Starts what the cases need. Absent: nothing. */
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
  /** Fails for a case that shows a defect. */
  readonly property: () => fc.IAsyncProperty<readonly unknown[]>;
}

/** Fails a case that takes this much processor time: the input of a real inventory or request takes milliseconds. */
const SLOW_MS = 20_000;

/** Runs a case, and throws when it is slow. The time of other processes, and the waiting for them, does not count. */
export async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  const began = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(began);
  const took = (user + system) / 1000;
  if (took > SLOW_MS) throw new Error(`the case took ${Math.round(took)} ms of processor time`);
  return result;
}

/** Throws with a sentence when something does not hold. */
export function mustHold(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}
