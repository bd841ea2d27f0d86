import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { shellLine } from '../estate/shellWord';

/** How podlift was started, and where: a printed command works in the same shell and folder. */
export interface Start {
  /** The words in place of `npx podlift`. */
  readonly podlift: readonly string[];
  /** Variables that the command reads, as `NAME=value`. */
  readonly variables: readonly string[];
  /** The folder in which cdktf runs, where it is not the current one. */
  readonly project?: string;
  /** The inventory as an absolute path, for a command in `project`. */
  readonly inventory: string;
}

/** The variables that decide what podlift reads. Source: `podlift --help` */
const VARIABLES = ['PODLIFT_INVENTORY', 'PODLIFT_INCLUDE_OUTSIDE'] as const;

/**
 * How to start podlift again from the same folder:
 * - by npx, or from a `node_modules` above the folder: `npx podlift`;
 * - by a command on PATH (`npm install --global`, a link): `podlift`;
 * - by its file: `node FILE`, or the path of the command.
 *
 * @param script what node runs, `process.argv[1]`: the link, not the file that the link names
 * Sources: https://docs.npmjs.com/cli/v11/using-npm/scripts#environment (`npm_lifecycle_event`; `npx` sets it to npx: npm/libnpmexec lib/run-script.js)
 */
export function startOf(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  exists: (path: string) => boolean = existsSync,
): Start {
  const inventory = env.PODLIFT_INVENTORY;
  const project = resolve(__dirname, '..', '..');
  return {
    podlift: podliftWords(script, env, cwd, exists),
    variables: VARIABLES.flatMap((name) => {
      const value = env[name] ?? '';
      return value === '' ? [] : [`${name}=${value}`];
    }),
    ...(!exists(join(cwd, 'cdktf.json')) && { project }),
    inventory: resolve(cwd, inventory === undefined || inventory === '' ? 'inventory.yaml' : inventory),
  };
}

function podliftWords(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  exists: (path: string) => boolean,
): readonly string[] {
  const name = basename(script);
  if (name === 'podlift.js') return ['node', fromHere(script, cwd)];
  if (name !== 'podlift') return NPX;
  if (dirname(script).endsWith(join('node_modules', '.bin'))) {
    if (
      env.npm_lifecycle_event === 'npx' ||
      foldersAbove(cwd).some((one) => join(one, 'node_modules', '.bin', name) === script)
    )
      return NPX;
    return [fromHere(script, cwd)];
  }
  const onPath = (env.PATH ?? '').split(delimiter).find((folder) => exists(join(folder, name)));
  return onPath !== undefined && isSame(join(onPath, name), script) ? [name] : [fromHere(script, cwd)];
}

const NPX = ['npx', 'podlift'] as const;

function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return one === other;
  }
}

function fromHere(path: string, cwd: string): string {
  const short = relative(cwd, path);
  if (short === '' || short.startsWith('..') || isAbsolute(short)) return path;
  return short.includes('/') ? short : `./${short}`;
}

let start: Start = { podlift: NPX, variables: [], inventory: 'inventory.yaml' };

/** Remembers how this process was started; without it commands are printed as in podlift's own folder. */
export function rememberStart(how: Start): void {
  start = how;
}

/** A command as a line for a POSIX shell, as it is printed. cdktf runs where its configuration is. */
export function printedCommand(run: readonly string[], { variables, project, inventory }: Start = start): string {
  if (run[0] !== 'npx' || run[1] !== 'cdktf') return shellLine(run);
  if (project === undefined) return shellLine([...variables, ...run]);
  const others = variables.filter((one) => !one.startsWith('PODLIFT_INVENTORY='));
  return `(${shellLine(['cd', project])} && ${shellLine([`PODLIFT_INVENTORY=${inventory}`, ...others, ...run])})`;
}

/** A text for people in which each `npx podlift` is the command that starts podlift here. A command that names its inventory keeps it. */
export function asStarted(text: string, { podlift, variables }: Start = start): string {
  return text.replaceAll(/(PODLIFT_INVENTORY=\S+ )?\bnpx podlift\b/g, (_, own: string | undefined) => {
    const others = own === undefined ? variables : variables.filter((one) => !one.startsWith('PODLIFT_INVENTORY='));
    return `${own ?? ''}${shellLine([...others, ...podlift])}`;
  });
}
