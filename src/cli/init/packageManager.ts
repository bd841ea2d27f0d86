import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersAbove, fromFolder } from './folders';

/** The package manager of a folder, and its commands as words or lines of a shell. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** The lock file, from the folder. It exists, or the first installation writes it. */
  readonly lock: string;
  /** The lines that install what the lock file says, without the scripts of packages. */
  readonly install: readonly string[];
  /** Adds packages for development. */
  readonly add: readonly string[];
  /** Runs the program of a package. */
  readonly run: readonly string[];
}

type Commands = Omit<PackageManager, 'lock'>;

const NPM: Commands = {
  ...{ name: 'npm', install: ['npm ci --ignore-scripts'] },
  ...{ add: ['npm', 'install', '--save-dev'], run: ['npx'] },
};

/** Node 24 has Corepack, which gets pnpm and Yarn in the version that `packageManager` of package.json names. Source: https://nodejs.org/docs/latest-v24.x/api/corepack.html */
const COREPACK = 'corepack enable';

const PNPM: Commands = {
  ...{ name: 'pnpm', install: [COREPACK, 'pnpm install --frozen-lockfile --ignore-scripts'] },
  ...{ add: ['pnpm', 'add', '--save-dev'], run: ['pnpm', 'exec'] },
};

/** Sources: https://classic.yarnpkg.com/en/docs/cli/install, https://yarnpkg.com/cli/install */
function yarn(isClassic: boolean): Commands {
  const options = isClassic ? '--frozen-lockfile --ignore-scripts' : '--immutable --mode=skip-build';
  return {
    ...{ name: 'yarn', install: [COREPACK, `yarn install ${options}`] },
    ...{ add: ['yarn', 'add', '--dev'], run: ['yarn', 'run'] },
  };
}

/**
 * The package manager of a folder: that of the nearest lock file, in the folder or above it in the same repository, as workspaces have it. Without a lock
 * file it is npm.
 */
export function packageManagerOf(cwd: string): PackageManager {
  for (const folder of repositoryFolders(cwd)) {
    const lockOf = (name: string) => (existsSync(join(folder, name)) ? fromFolder(cwd, join(folder, name)) : undefined);
    const [pnpm, yarnLock, npm] = [lockOf('pnpm-lock.yaml'), lockOf('yarn.lock'), lockOf('package-lock.json')];
    if (pnpm !== undefined) return { ...PNPM, lock: pnpm };
    if (yarnLock !== undefined) {
      const text = readFileSync(join(folder, 'yarn.lock'), 'utf8');
      return { ...yarn(text.includes('# yarn lockfile v1')), lock: yarnLock };
    }
    if (npm !== undefined) return { ...NPM, lock: npm };
  }
  return { ...NPM, lock: 'package-lock.json' };
}

/** The folder and those above it, to the root of the repository; the folder alone outside of one. */
function repositoryFolders(cwd: string): readonly string[] {
  const folders = foldersAbove(cwd);
  return folders.slice(
    0,
    1 +
      Math.max(
        0,
        folders.findIndex((one) => existsSync(join(one, '.git'))),
      ),
  );
}
