import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { StateLocation } from '../blueprint/stateLocation';
import { shellLine } from '../inventory/shellWord';

/** How podlift was started, and where: a printed command works in the same shell and folder. */
export interface Start {
  /** The words in place of `npx podlift`. */
  readonly podlift: readonly string[];
  /** The option that names the inventory, where the command had it: `--inventory PATH`. */
  readonly options: readonly string[];
  /** Variables that the command reads, as `NAME=value`. */
  readonly variables: readonly string[];
  /** The folder in which cdktf runs, where it is not the current one. */
  readonly project?: string;
  /** Nothing here starts cdktf: `podlift plan` and `apply` stand in its place, with their roots. */
  readonly withoutCdktf?: true;
  /** The inventory as an absolute path, for a command in `project`. */
  readonly inventory: string;
  /** The binary in place of `terraform` in the stacks, such as `tofu`. Absent: `terraform`. */
  readonly terraform?: string;
}

/** The variables that decide what podlift reads. Source: `podlift --help` */
const VARIABLES = ['PODLIFT_INVENTORY', 'PODLIFT_INCLUDE_OUTSIDE'] as const;

/** What decides how podlift is started again, beside the process. */
export interface StartFacts {
  /** Whether a file exists. Default: on the disk. */
  readonly exists?: (path: string) => boolean;
  /** The path in `--inventory`, where the command has the option. */
  readonly inventory?: string | undefined;
}

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
  { exists = existsSync, inventory: named }: StartFacts = {},
): Start {
  const inventory = named ?? env.PODLIFT_INVENTORY;
  const terraform = env.TERRAFORM_BINARY_NAME ?? '';
  return {
    podlift: podliftWords(script, env, cwd, exists),
    options: named === undefined ? [] : ['--inventory', named],
    variables: VARIABLES.flatMap((name) => {
      const value = (name === 'PODLIFT_INVENTORY' ? inventory : env[name]) ?? '';
      return value === '' ? [] : [`${name}=${value}`];
    }),
    ...whereCdktfRuns(cwd, exists),
    inventory: resolve(cwd, inventory === undefined || inventory === '' ? 'inventory.yaml' : inventory),
    ...(terraform !== '' && { terraform }),
  };
}

/** In the current folder, else in podlift's own repository. A package has no configuration of cdktf. */
function whereCdktfRuns(cwd: string, exists: (path: string) => boolean): Pick<Start, 'project' | 'withoutCdktf'> {
  const project = resolve(__dirname, '..', '..');
  if (exists(join(cwd, 'cdktf.json'))) return {};
  return exists(join(project, 'cdktf.json')) ? { project } : { withoutCdktf: true };
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

let start: Start = { podlift: NPX, options: [], variables: [], inventory: 'inventory.yaml' };

/** Remembers how this process was started; without it commands are printed as in podlift's own folder. */
export function rememberStart(how: Start): void {
  start = how;
}

/**
 * A command as its arguments, as a program starts it here: `podlift` as it was started, cdktf and Terraform where their configuration is. Variables are
 * those of `env`, which every POSIX system has. Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/env.html
 */
function startedArguments(asked: readonly string[], how: Start): readonly string[] {
  const run = how.withoutCdktf ? podliftFor(asked) : asked;
  const own = run.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const words = run.slice(own);
  if (words[0] === 'npx' && words[1] === 'podlift') {
    const { options, variables } = podliftBeside(run.slice(0, own), how);
    const all = [...variables, ...run.slice(0, own)];
    return [...(all.length > 0 ? ['env', ...all] : []), ...how.podlift, ...options, ...words.slice(2)];
  }
  const line = printedCommand(run, how);
  return line === shellLine(run) ? run : ['sh', '-c', line];
}

/** The command of podlift in place of one of cdktf; Terraform runs in the roots of `podlift plan`. */
function podliftFor(run: readonly string[]): readonly string[] {
  const [program, command, ...others] = run;
  if (program === 'terraform' && command?.startsWith(CDKTF_STACKS))
    return [program, `-chdir=${ROOTS}/${command.slice(CDKTF_STACKS.length)}`, ...others];
  if (program !== 'npx' || command !== 'cdktf') return run;
  return ['npx', 'podlift', ...(others[0] === 'synth' ? ['synth', '--out', ROOTS] : others)];
}

/** What `terraform` has in commands for the stacks that cdktf writes. */
const CDKTF_STACKS = '-chdir=cdktf.out/stacks/';

/** The folder of the roots of `podlift plan` and `apply` (src/cli/engine/engineFolder.ts). */
const ROOTS = '.podlift/roots';

const isInventory = (one: string) => one.startsWith('PODLIFT_INVENTORY=');

/** The variables of the start, without the inventory where a command names its own. */
function variablesBeside(own: readonly string[], { variables }: Start): readonly string[] {
  return own.some(isInventory) ? variables.filter((one) => !isInventory(one)) : variables;
}

/** What a command of podlift needs to read the same inventory: the option, where podlift has it from there, else the variable. Nothing where it names its own. */
function podliftBeside(own: readonly string[], { options, variables }: Start): Pick<Start, 'options' | 'variables'> {
  const names = own.some(isInventory);
  const others = names || options.length > 0 ? variables.filter((one) => !isInventory(one)) : variables;
  return { options: names ? [] : options, variables: others };
}

/** A command as a line for a POSIX shell, as it is printed. cdktf runs where its configuration is, and Terraform where cdktf writes its stacks. */
export function printedCommand(run: readonly string[], how: Start = start): string {
  const { variables, project, inventory, terraform = 'terraform' } = how;
  const stacks = '-chdir=cdktf.out/';
  if (run[0] === 'terraform' && run[1]?.startsWith(stacks) === true) {
    const folder = project === undefined ? run[1] : `-chdir=${join(project, run[1].slice('-chdir='.length))}`;
    return shellLine([terraform, folder, ...run.slice(2)]);
  }
  if (run[0] !== 'npx' || run[1] !== 'cdktf') return shellLine(run);
  if (project === undefined) return shellLine([...variables, ...run]);
  const named = [`PODLIFT_INVENTORY=${inventory}`];
  return `(${shellLine(['cd', project])} && ${shellLine([...named, ...variablesBeside(named, how), ...run])})`;
}

/**
 * A text for people in which each `npx podlift` is the command that starts podlift here, and each line that is a command of cdktf or of Terraform
 * in its stacks works here. A command that names its inventory keeps it.
 */
export function asStarted(text: string, how: Start = start): string {
  const here = how.withoutCdktf
    ? text.replaceAll(/(?:npx cdktf|terraform -chdir=cdktf\.out\/stacks\/)[^`'"\n]*/g, (line) =>
        podliftFor(line.split(' ')).join(' '),
      )
    : text;
  return here
    .replaceAll(
      /^( *)((?:npx cdktf|terraform -chdir=cdktf\.out\/)[^'"\n]*)$/gm,
      (_, margin: string, line: string) => `${margin}${printedCommand(line.split(' '), how)}`,
    )
    .replaceAll(/(PODLIFT_INVENTORY=(?:'[^']*'|\\'|[^\s'])+ )?\bnpx podlift\b/g, (_, own: string | undefined) => {
      const { options, variables } = podliftBeside(own === undefined ? [] : [own], how);
      return `${own ?? ''}${shellLine([...variables, ...how.podlift, ...options])}`;
    });
}

/** A path of a file that cdktf reads or writes, such as a local state, for this process: cdktf can run in another folder. */
export function cdktfPath(path: string, { project }: Start = start): string {
  return project === undefined ? path : resolve(project, path);
}

/** The place of a state for this process: a local one is where cdktf runs. */
export function stateHere(location: StateLocation, how: Start = start): StateLocation {
  return location.backend === 'local' ? { ...location, path: cdktfPath(location.path, how) } : location;
}

/** The fields of a JSON document that have a command in a text. */
const TEXTS: ReadonlySet<string> = new Set(['say', 'hint', 'command']);

/**
 * A JSON document whose commands start podlift and cdktf as they are started here, as the text for people has them: the arguments in each `run`, and
 * the commands in its sentences.
 */
export function startedDocument<T>(document: T, how: Start = start): T {
  return started(document, '', how) as T;
}

function started(value: unknown, name: string, how: Start): unknown {
  if (typeof value === 'string') return TEXTS.has(name) ? asStarted(value, how) : value;
  if (Array.isArray(value))
    return name === 'run'
      ? startedArguments(value as readonly string[], how)
      : value.map((one: unknown) => started(one, name, how));
  // A date and the like become their own text.
  if (value === null || typeof value !== 'object' || 'toJSON' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, started(one, key, how)]));
}
