import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { trackedFiles } from '../../runners/git';
import { markRunning } from '../../runners/engine/runningMark';
import { privateFolder, UnsafePath } from '../../runners/privateFiles';
import { UsageError } from '../exit';

/** The folders of `plan` and `apply`, which their owner alone can read: a plan has everything that is in a state. */
export interface EngineFolder {
  /** The roots, with a plan and a lock file in each. */
  readonly roots: string;
  /** The providers that all stacks share. */
  readonly plugins: string;
  /** Another run can use the folder from now on. */
  readonly leave: () => void;
}

/**
 * Creates the folders below `.podlift/` in the current folder, and marks them as used. Where all states are in another folder, as on a sandbox, the roots have a folder of their
 * own: what is recorded beside them is about these states. Throws `UsageError` while another run uses them, for a link in place of a folder, for files that the repository has
 * there (Terraform would run what a commit put beside a root), and where the folder cannot be written.
 */
export function engineFolder(env: NodeJS.ProcessEnv = process.env): EngineFolder {
  const states = env.PODLIFT_STATE_DIRECTORY ?? '';
  const digest = createHash('sha256').update(resolve(states)).digest('hex').slice(0, 8);
  try {
    const roots = privateFolder(resolve('.'), '.podlift', states === '' ? 'roots' : `roots-${digest}`);
    const plugins = privateFolder(resolve('.'), '.podlift', 'plugins');
    for (const folder of [roots, plugins]) {
      const [tracked] = trackedFiles(folder);
      if (tracked !== undefined)
        throw new UsageError(
          `${relative('.', folder)}/${tracked} is a file of the git repository, and podlift keeps its own files there: remove it from the repository (git rm -r --cached .podlift)`,
        );
    }
    const leave = markRunning(roots);
    if (typeof leave === 'function') return { roots, plugins, leave };
    throw new UsageError(
      `process ${leave.process} plans or applies in ${relative('.', roots)}: wait until it has ended`,
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof UnsafePath) throw new UsageError(error.message);
    throw new UsageError(
      `podlift cannot write into .podlift (${(error as Error).message}): run it in a folder that you can write`,
    );
  }
}
