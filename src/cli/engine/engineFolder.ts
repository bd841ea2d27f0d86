import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { privateFolder, UnsafePath } from '../../runners/privateFiles';
import { UsageError } from '../exit';

/** The folders of `plan` and `apply`, which their owner alone can read: a plan has everything that is in a state. */
export interface EngineFolder {
  /** The roots, with a plan and a lock file in each. */
  readonly roots: string;
  /** The providers that all stacks share. */
  readonly plugins: string;
}

/**
 * Creates the folders below `.podlift/` in the current folder. Where all states are in another folder, as on a sandbox, the roots have a folder of their own: what is recorded
 * beside them is about these states. Throws `UsageError` for a link in place of a folder, and where the folder cannot be written.
 */
export function engineFolder(env: NodeJS.ProcessEnv = process.env): EngineFolder {
  const states = env.PODLIFT_STATE_DIRECTORY ?? '';
  const name =
    states === '' ? 'roots' : `roots-${createHash('sha256').update(resolve(states)).digest('hex').slice(0, 8)}`;
  try {
    return {
      roots: privateFolder(resolve('.'), '.podlift', name),
      plugins: privateFolder(resolve('.'), '.podlift', 'plugins'),
    };
  } catch (error) {
    if (error instanceof UnsafePath) throw new UsageError(error.message);
    throw new UsageError(
      `podlift cannot write into .podlift (${(error as Error).message}): run it in a folder that you can write`,
    );
  }
}
