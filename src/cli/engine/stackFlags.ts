import { UsageError } from '../exit';
import type { StackSelection } from './selection';

/** The flags of `plan` and `apply` that select stacks. */
export interface StackFlags {
  readonly wave?: string;
  /** Only stacks that have changed since `base`. */
  readonly changed?: boolean;
  readonly base?: string;
}

/** Which stacks the command line means. Throws `UsageError` where `--changed` and `--base` are not together. */
export function selectionOf(stacks: readonly string[], { wave, changed = false, base }: StackFlags): StackSelection {
  if (changed !== (base !== undefined))
    throw new UsageError(
      changed
        ? '--changed: add --base REVISION, the git revision to compare with'
        : '--base is for --changed: add --changed',
    );
  return { stacks, wave, base };
}
