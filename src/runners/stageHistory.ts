import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { realpathSync } from 'node:fs';
import type { Wave } from '../inventory/Inventory';
import { writtenIn } from '../inventory/loadInventory';
import { readSources } from '../inventory/reading/readSources';
import { commitTree, entriesOf } from './CommitTree';
import { git } from './git';
import { nearestFolder, topOf } from './readRevision';

/** The stages of all waves, as the inventory had them after a commit. */
export interface CommittedStages {
  readonly commit: string;
  /** When it was committed: ISO 8601. */
  readonly at: string;
  /** The name of its author, as git has it. */
  readonly by: string;
  readonly waves: readonly Pick<Wave, 'key' | 'stages'>[];
}

/** What git knows of the stages, the oldest commit first; or the reason why it knows nothing, in one line. */
export type StageHistory =
  | { readonly commits: readonly CommittedStages[]; /** Earlier commits that were not read. */ readonly left: number }
  | { readonly problem: string };

/** Reading a commit of a large inventory takes about a tenth of a second. */
const MOST_COMMITS = 200;

/** Each line of an inventory that has a stage, and the lines below which its steps stand. */
const STAGE_LINES = 'irsa|prepared|dual|cutover|pod-identity|stage|since';

/**
 * The stages that an inventory had after each commit that changed a line with a stage: of the branch of the working tree, a merge as one commit. The files are those
 * that the inventory has now. Nothing is written, and git runs no command of the repository (see `git`). Never throws.
 *
 * @param file the inventory's first file in the working tree
 * @param files all of its files
 */
export function stageHistory(file: string, files: readonly string[], most = MOST_COMMITS): StageHistory {
  try {
    const folder = nearestFolder(resolve(file));
    const top = topOf(folder);
    const paths = [file, ...files].map((one) => pathIn(top, one)).filter((path) => path !== undefined);
    const [root] = paths;
    if (root === undefined) return { problem: `${file} is not in the git repository ${top}` };
    const log = git(top, [
      'log',
      '--first-parent',
      '--diff-merges=first-parent',
      '--no-patch',
      '--no-textconv',
      '--no-ext-diff',
      '--no-show-signature',
      '-G',
      STAGE_LINES,
      '-z',
      '--format=%H%n%P%n%cI%n%an',
      '--',
      ...paths.map((path) => `:(top,literal)${path}`),
    ]);
    const found = log
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((line) => line.split('\n'));
    const commits: CommittedStages[] = [];
    for (const [commit = '', parents = '', at = '', ...by] of found.slice(0, most).reverse()) {
      const waves = wavesAt(top, root, commit);
      const [parent = ''] = parents.split(' ');
      const about = { at, by: by.join(' ').trim() };
      // A wave that has a stage for the first time can be older: the commit that added it has no stage.
      if (
        parent !== '' &&
        waves.some((wave) => isMoved(wave) && commits.at(-1)?.waves.every(({ key }) => key !== wave.key) !== false)
      )
        commits.push({ commit: parent, ...about, waves: wavesAt(top, root, parent) });
      commits.push({ commit, ...about, waves });
    }
    return { commits, left: Math.max(0, found.length - most) };
  } catch (error) {
    return { problem: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' };
  }
}

/** The waves of the inventory at a commit; none where the commit does not have it. */
function wavesAt(top: string, root: string, commit: string): CommittedStages['waves'] {
  const entries = entriesOf(top, commit, commit);
  if (!entries.has(root)) return [];
  const read = readSources(`/${root}`, { files: commitTree(top, entries, commit), includeOutside: false });
  return Object.entries(writtenIn(read).waves).map(([key, { stages = {} }]) => ({
    key,
    stages: Object.fromEntries(
      Object.entries(stages).map(([environment, stage]) => [
        environment,
        typeof stage === 'string' ? { stage } : stage,
      ]),
    ),
  }));
}

function isMoved({ stages }: Pick<Wave, 'stages'>): boolean {
  return Object.values(stages).some(({ stage }) => stage !== 'irsa');
}

/** A file's path from the repository's top, with `/`; undefined where it is not below it. */
function pathIn(top: string, file: string): string | undefined {
  const folder = nearestFolder(resolve(file));
  if (folder !== dirname(resolve(file))) return undefined;
  const path = relative(top, join(realpathSync(folder), basename(file))).split(sep);
  return path[0] === '..' ? undefined : path.join('/');
}
