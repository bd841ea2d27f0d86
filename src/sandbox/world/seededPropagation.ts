import { createHash } from 'node:crypto';
import type { Timing } from '../api/SandboxState';

/**
 * Delays between `fromMs` and `toMs`, drawn for each change and each viewer from a seed: the same seed and the same changes give the same delays,
 * in whatever order the changes of different resources come.
 */
export function seededPropagation(
  seed: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Timing['propagationMs'] {
  return (viewer, change) => {
    const drawn = createHash('sha256')
      .update(JSON.stringify([seed, viewer, change]))
      .digest()
      .readUInt32BE(0);
    return Math.round(fromMs + (drawn / 0xffff_ffff) * (toMs - fromMs));
  };
}
