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

/** Fails a case that takes this long: the input of a real inventory or request takes milliseconds. */
const SLOW_MS = 20_000;

/** Runs a case, and throws when it is slow. */
export async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  const took = performance.now() - began;
  if (took > SLOW_MS) throw new Error(`the case took ${Math.round(took)} ms`);
  return result;
}

/** Throws with a sentence when something does not hold. */
export function mustHold(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}
