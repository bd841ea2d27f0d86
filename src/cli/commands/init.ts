import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { peerDependencies, version } from '../../../package.json';
import { compileLoaded } from '../../blueprint/compileLoaded';
import { hasErrors } from '../../inventory/Finding';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { listed } from '../../inventory/suggest';
import { shellLine } from '../../inventory/shellWord';
import { EXIT, UsageError } from '../exit';
import { answers, type Ask, exampleAnswers, type FirstInventory, type Given } from '../init/answers';
import { CI_SYSTEMS, type CiSystem } from '../init/ciFiles';
import { inventoryText, surveyedText } from '../init/inventoryText';
import { type PackageManager, packageManagerOf } from '../init/packageManager';
import { readSurvey, type SurveyedInventory } from '../init/readSurvey';
import { schemaOf, surroundings } from '../init/surroundings';
import { exists, isFolder, leadsNowhere, writeFiles } from '../init/writeFiles';
import { print, printError, printToStderr } from '../output';
import { discover } from './discover';

export interface InitOptions extends Given {
  /** A survey in JSON: its inventory is written. */
  readonly from?: string | undefined;
  /** Ask nothing, and write an example. */
  readonly yes: boolean;
  /** Default: no files of a CI system. */
  readonly ci?: CiSystem | undefined;
  /** Write the files that only cdktf needs. */
  readonly cdktf: boolean;
  /** Read the cluster afterwards, and add it with its workloads. */
  readonly discover: boolean;
}

/** Where `podlift init` writes, whom it asks, and how it reads a cluster. */
export interface InitWorld {
  readonly cwd: string;
  /** Absent where nobody can be asked. */
  readonly ask?: Ask;
  /** Called after the last question. */
  readonly endQuestions?: () => void;
  readonly discover: typeof discover;
}

/**
 * `podlift init`: writes a first inventory and what belongs around it into the current folder: the app of cdktf, entries of `.gitignore`, and on request files
 * of a CI system. What exists stays as it is, and is named. Asks for what the options do not say; where the inventory exists it asks nothing. Says the
 * next commands.
 *
 * With `from` the inventory is that of a survey, and nothing is asked.
 *
 * Gives 0 when it is done; 1 when the new inventory has errors; with `discover` its exit code. Throws `UsageError` for a value with another format, for options
 * that are missing where nobody can be asked, and for a folder that cannot be written.
 */
export async function init(options: InitOptions, world: InitWorld = live(options)): Promise<number> {
  const { cwd, endQuestions } = world;
  const inventory = inventoryFile();
  requireFile(inventory, cwd);
  const isNew = !exists(resolve(cwd, inventory));
  const survey = options.from === undefined ? undefined : surveyFrom(options, options.from);
  requireCluster(options, isNew);
  const environment = options.environment ?? process.env.PODLIFT_ENVIRONMENT;
  const given = { ...options, environment: environment === '' ? undefined : environment };
  const { first, ...wanted } = await (
    isNew && survey === undefined ? asked(given, world) : Promise.resolve({ ...given, first: undefined })
  ).finally(endQuestions);
  const isExample = options.yes && !wanted.discover;
  const manager = packageManagerOf(cwd);
  const schema = schemaOf(inventory, cwd);
  // The text of an inventory that exists is not needed: it stays.
  const text =
    survey === undefined
      ? first && inventoryText(first, { schema, isExample })
      : surveyedText(survey.inventory, { schema, at: survey.at });
  const around = surroundings({ inventory, cdktf: wanted.cdktf, ci: wanted.ci, manager }, cwd);
  print(writeFiles([{ path: inventory, text: text ?? '' }, ...around], cwd).join('\n'));
  const found = isNew ? errorsOf(resolve(cwd, inventory)) : [];
  if (found.length > 0) {
    printToStderr(found);
    return EXIT.findings;
  }
  if (survey !== undefined && isNew && survey.unread.length > 0) print(`\n${lackingText(survey.unread)}`);
  if (!wanted.discover) {
    print(nextText(cwd, { first, isExample, cdktf: wanted.cdktf, manager }).slice(1));
    return EXIT.ok;
  }
  const cluster = first?.cluster ?? options.cluster;
  const key = first?.environment ?? given.environment;
  print();
  const code = await world.discover({ environment: key, cluster, write: true, format: 'text' });
  // discover has said what comes next.
  if (code === EXIT.ok) print(installText(cwd, wanted.cdktf, manager).trimStart());
  else printError(`\nThe files are written. To read the cluster again:\n${discoverLine(key, cluster)}`);
  return code;
}

function live({ yes, from }: InitOptions): InitWorld {
  const world = { cwd: process.cwd(), discover };
  return !yes && from === undefined && process.stdin.isTTY ? { ...world, ...terminalQuestions() } : world;
}

/** The survey of `--from`. Throws `UsageError` where it cannot be read, and for options whose values it has. */
function surveyFrom(options: InitOptions, file: string): SurveyedInventory {
  const values = (['account', 'region', 'cluster', 'issuer', 'environment'] as const).filter(
    (name) => options[name] !== undefined,
  );
  const others = [
    ...values.map((name) => `--${name}`),
    ...(options.kubernetesVersion === undefined ? [] : ['--kubernetes-version']),
    ...(options.discover ? ['--discover'] : []),
  ];
  if (others.length > 0)
    throw new UsageError(
      `--from ${file}: the survey has the accounts and the clusters: leave out ${others.join(', ')}`,
    );
  return readSurvey(file);
}

function lackingText(unread: readonly string[]): string {
  const count = unread.length === 1 ? '1 item' : `${unread.length} items`;
  return `The survey could not read ${count}, and the inventory lacks ${unread.length === 1 ? 'it' : 'them'}: ${listed(unread, 10)}. When they can be read, add their clusters with podlift discover.`;
}

/** Throws for the path of an inventory that no file can be at. */
function requireFile(inventory: string, cwd: string): void {
  const path = resolve(cwd, inventory);
  const problem =
    /[\\/]$/.test(inventory) || isFolder(path)
      ? 'is a folder: name the file of the inventory'
      : leadsNowhere(path)
        ? 'is a link to a file that does not exist: create this file, or remove the link'
        : undefined;
  if (problem !== undefined) throw new UsageError(`${inventory} ${problem}`);
}

type Wanted = Pick<InitOptions, 'ci' | 'cdktf' | 'discover'>;

/** The first inventory, and what else is wanted: from the options, from the examples of `--yes`, or from the answers of a person. */
async function asked(given: InitOptions, { ask }: InitWorld): Promise<Wanted & { readonly first: FirstInventory }> {
  const first = await firstOf(given, ask);
  return { ...(ask === undefined ? given : await moreOf(given, ask)), first };
}

/** The examples of `--yes` name a cluster that nobody has. */
function requireCluster({ discover: wanted, yes, account, region, cluster }: InitOptions, isNew: boolean): void {
  if (!wanted) return;
  const missing = [
    isNew && yes && account === undefined && '--account ID',
    isNew && yes && region === undefined && '--region REGION',
    (yes || !isNew) && cluster === undefined && '--cluster NAME',
  ].filter((one) => one !== false);
  if (missing.length > 0) throw new UsageError(`--discover reads a cluster that exists: add ${missing.join(' ')}`);
}

async function firstOf(given: InitOptions, ask: Ask | undefined): Promise<FirstInventory> {
  const { yes, discover: wanted } = given;
  if (!yes) return answers(given, ask);
  const { oidc, ...example } = exampleAnswers(given);
  // The cluster is read: an example of its issuer would be wrong.
  return wanted && given.issuer === undefined ? example : { ...example, ...(oidc && { oidc }) };
}

/** Asks a person for the files of a CI system and for the reading of the cluster, where no option says so. */
async function moreOf(options: InitOptions, ask: Ask): Promise<Wanted> {
  const { ci, cdktf, discover: wanted } = options;
  const isCi = (answer: string): answer is CiSystem => CI_SYSTEMS.some((one) => one === answer);
  let system = ci;
  let answer = ci ?? '';
  while (system === undefined) {
    answer = await ask(`Files for CI: ${CI_SYSTEMS.join(', ')} or none (none): `);
    if (answer === '' || answer === 'none') break;
    if (isCi(answer)) system = answer;
  }
  const read =
    wanted || /^y(es)?$/i.test(await ask('Read the cluster now, with your AWS credentials? yes or no (no): '));
  return { ci: system, cdktf, discover: read };
}

/** Questions on the terminal. They go to stderr: stdout has the result. */
function terminalQuestions(): Required<Pick<InitWorld, 'ask' | 'endQuestions'>> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  let ended = false;
  // A question has no answer after Ctrl-C or Ctrl-D.
  const closed = new Promise<never>((_, reject) => {
    terminal.once('close', () => {
      if (ended) return;
      // The cursor is behind the question.
      printError('');
      reject(new UsageError('the input ended before all questions had an answer: nothing is written'));
    });
  });
  closed.catch(() => undefined);
  return {
    ask: async (question) => (await Promise.race([terminal.question(question), closed])).trim(),
    endQuestions: () => {
      ended = true;
      terminal.close();
    },
  };
}

function errorsOf(inventory: string) {
  const { findings } = compileLoaded(loadInventory(inventory));
  return hasErrors(findings) ? findings : [];
}

interface Next {
  /** Absent: the inventory existed. */
  readonly first: FirstInventory | undefined;
  readonly isExample: boolean;
  readonly cdktf: boolean;
  readonly manager: PackageManager;
}

/** The commands that come next, each on a line. */
function nextText(cwd: string, { first, isExample, cdktf, manager }: Next): string {
  const commands = [
    ...(first === undefined || isExample ? [] : [discoverLine(first.environment, first.cluster)]),
    '  npx podlift validate',
    '  npx podlift prove',
    ...(isExample ? ['  npx podlift sandbox -- npx podlift plan'] : []),
    '  npx podlift plan',
  ];
  return `${installText(cwd, cdktf, manager)}\n\nNext:\n${commands.join('\n')}`;
}

/** What to install: podlift where it is not yet a package of the folder, and what cdktf needs. */
function installText(cwd: string, cdktf: boolean, { add }: PackageManager): string {
  const needed = { 'cdktf-cli': peerDependencies.cdktf, ...peerDependencies, tsx: TSX };
  const own = cdktf ? installLines(cwd, add, needed) : [];
  return [
    titled('Install podlift in this folder:', installLines(cwd, add, { podlift: version })),
    cdktf && own.length === 0 ? `\n\n${CDKTF_ONLY}` : '',
    titled(`${CDKTF_ONLY} Before you run cdktf:`, own),
  ].join('');
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n\n${[title, ...lines].join('\n')}`;
}

const CDKTF_ONLY = 'Only cdktf needs main.ts and cdktf.json.';

/** The first version that `node --import tsx` was tested with. */
const TSX = '^4.19.0';

/** The command that installs the packages that no `node_modules` above the folder has. */
function installLines(
  cwd: string,
  add: readonly string[],
  packages: Readonly<Record<string, string>>,
): readonly string[] {
  const missing = Object.entries(packages).filter(([name]) => !isInstalled(name, cwd));
  if (missing.length === 0) return [];
  const words = missing.map(([name, range]) => `${name}@${range}`);
  return [`  ${shellLine([...add, ...words])}`];
}

function isInstalled(name: string, folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', name))) return true;
  const above = dirname(folder);
  return above !== folder && isInstalled(name, above);
}

function discoverLine(environment: string | undefined, cluster: string | undefined): string {
  const only = environment === undefined ? [] : ['--environment', environment];
  return `  ${shellLine(['npx', 'podlift', 'discover', ...only, '--cluster', cluster ?? '', '--write'])}`;
}
