import { createRequire } from 'node:module';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Estate } from '../estate/Estate';
import { estateText, parseEstate } from '../estate/estateFile';
import { answersUntil } from '../estate/answersUntil';
import type * as LivePorts from '../estate/livePorts';
import type { Places } from '../estate/places';
import type { Ports } from '../estate/Ports';
import type { Question } from '../estate/questions';
import { readEstate, type ReadOptions, type ReadProgress } from '../estate/readEstate';
import { REDACTED_HEAD, redactPair } from '../estate/redact/redactPair';
import { inventoryFile } from '../inventory/inventoryFile';
import { loadInventory } from '../inventory/loadInventory';
import { readSources } from '../inventory/reading/readSources';
import { UsageError } from './exit';
import { commandText } from './report';
import { printError, progressLine } from './output';
import { refuseOther, writeResult } from './resultFile';

/** The options of every command that reads AWS and clusters. */
export interface EstateFlags {
  /** Judge this file instead of asking. */
  readonly estate?: string | undefined;
  /** Keep what was read in this file. */
  readonly saveEstate?: string | undefined;
  /** Replace names in the file, and write its inventory beside it. */
  readonly redact?: boolean | undefined;
}

/** Where the Estate of a command comes from, and where it is kept. */
export interface EstateSource {
  /** The Estate of `--estate`. Absent: AWS and the clusters are asked. */
  readonly given?: Estate;
  readonly save?: { readonly file: string; readonly redact: boolean };
}

/**
 * Takes the options of a command, before it does anything else: reads the file of `--estate` and says of when it is, as the first line on stderr. Throws
 * `UsageError` for a file that cannot be read or written, and for options that do not go together.
 */
export function estateSource({ estate, saveEstate, redact = false }: EstateFlags): EstateSource {
  if (redact && saveEstate === undefined)
    throw new UsageError('--redact is for the file of --save-estate: add --save-estate FILE');
  if (saveEstate !== undefined) {
    if (estate !== undefined && resolve(estate) === resolve(saveEstate))
      throw new UsageError(`--save-estate ${saveEstate}: this is the file of --estate. Name another one.`);
    refuseOther('--save-estate', saveEstate, IS_ESTATE, 'an Estate');
    if (redact) refuseOther('--save-estate', inventoryBeside(saveEstate), IS_REDACTED, 'a redacted inventory');
  }
  const given = estate === undefined ? undefined : loadEstate(estate);
  if (given !== undefined) printError(`Estate of ${given.at}`);
  return { ...(given && { given }), ...(saveEstate !== undefined && { save: { file: saveEstate, redact } }) };
}

/** Arguments of podlift: words that stay, and names of the inventory or of AWS. */
export type CommandWords = readonly (string | { readonly name: string })[];

/** What a command asks. It can say how far it is: a line on stderr each. */
type Questions = (estate: Estate, say: (line: string) => void) => readonly Question[];

/** How a command gets its Estate. */
export interface EstateOptions extends ReadOptions {
  readonly source: EstateSource;
  /** The arguments of the command, for the one that judges the same from a redacted pair. */
  readonly command: CommandWords;
  /** What AWS and the clusters have not answered by then has no answer. Default: as long as the SDK and kubectl wait. */
  readonly seconds?: number;
}

/**
 * The Estate that a command judges: the one of a file, or what AWS and the clusters answer now; on a terminal with progress. It is saved, where that is asked for, before the command judges
 * it or changes anything. Throws `UsageError` where the file cannot be written, and, before it asks anything, where the inventory has errors and is to be redacted.
 */
export async function estateFor(
  questions: Questions,
  places: Places,
  ports: () => Ports,
  { source: { given, save }, command, seconds, ...options }: EstateOptions,
): Promise<Estate> {
  if (save?.redact === true) refuseErrors();
  const estate = given ?? (await readShown(questions, places, ports, { seconds, command, ...options }));
  if (save?.redact === true) saveRedacted(estate, save.file, command);
  else if (save !== undefined) {
    writeResult('--save-estate', save.file, estateText(estate));
    printError(`Estate of ${estate.at} is saved: ${save.file}`);
  }
  return estate;
}

/** Reads what AWS and the clusters answer now, and shows how far that is. */
function readShown(
  questions: Questions,
  places: Places,
  ports: () => Ports,
  {
    seconds,
    command,
    ...options
  }: Omit<EstateOptions, 'source' | 'seconds'> & { readonly seconds: number | undefined },
): Promise<Estate> {
  const live = ports();
  const { show, say, end } = progressLine(typeof command[0] === 'string' ? command[0] : '', process.stderr);
  const onProgress = (progress: ReadProgress): void => {
    options.onProgress?.(progress);
    show(progress);
  };
  return readLive((estate) => questions(estate, say), places, live, seconds, { ...options, onProgress }).finally(end);
}

async function readLive(
  questions: (estate: Estate) => readonly Question[],
  places: Places,
  ports: Ports,
  seconds: number | undefined,
  options: ReadOptions,
): Promise<Estate> {
  if (seconds === undefined) return readEstate(questions, ports, places, options);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, seconds * 1000);
  try {
    return await readEstate(
      questions,
      answersUntil(ports, {
        end: late.signal,
        message: `no answer within ${seconds} s`,
        each: seconds * 500,
        eachMessage: `no answer within ${seconds / 2} s`,
      }),
      places,
      options,
    );
  } finally {
    clearTimeout(timer);
    // What was given up before the end still runs.
    late.abort();
  }
}

function loadEstate(file: string): Estate {
  let text: string;
  try {
    // Asked before the file is opened: opening a pipe would wait for someone to write into it.
    if (!statSync(file).isFile()) throw new UsageError(`--estate ${file}: this is not a file`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      ENOTDIR: 'there is no such file',
      EACCES: 'permission denied',
    };
    throw new UsageError(`--estate ${file}: ${reasons[code] ?? `the file cannot be read (${code})`}`);
  }
  const parsed = parseEstate(text, file);
  if ('estate' in parsed) return parsed.estate;
  throw new UsageError(parsed.problems.join('\n'));
}

/** The doctor judges the part of an inventory without errors. podlift cannot know which part of a wrong entry is a name. */
function refuseErrors(): void {
  const { findings } = loadInventory(inventoryFile());
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return;
  const count = errors === 1 ? 'an error' : `${errors} errors`;
  throw new UsageError(
    `--redact: the inventory has ${count}, and podlift redacts an inventory without errors only. Nothing is saved.\nShow them, then fix them:\n  npx podlift validate`,
  );
}

function saveRedacted(estate: Estate, file: string, command: CommandWords): void {
  const pair = redactPair(estate, readSources(inventoryFile()));
  if ('problem' in pair) throw new UsageError(`The Estate cannot be redacted, and nothing is saved: ${pair.problem}`);
  const beside = inventoryBeside(file);
  writeResult('--save-estate', beside, pair.inventory);
  writeResult('--save-estate', file, estateText(pair.estate));
  const words = command.map((word) => (typeof word === 'string' ? word : pair.nameFor(word.name)));
  const again = commandText({ run: [`PODLIFT_INVENTORY=${beside}`, 'npx', 'podlift', ...words, '--estate', file] });
  printError(
    `Estate of ${estate.at} is saved without names: ${file}\nIts inventory: ${beside}\nThe same command on both:\n  ${again}`,
  );
}

/** `--environment prod`; nothing where a command asks for all. */
export function environmentWords(environment: string | undefined): CommandWords {
  return environment === undefined ? [] : ['--environment', { name: environment }];
}

function inventoryBeside(file: string): string {
  return `${file}.inventory.yaml`;
}

/** How a saved Estate begins. */
const IS_ESTATE = /^\s*\{\s*"format":\s*"podlift\.estate\//;
const IS_REDACTED = new RegExp(`^${REDACTED_HEAD}`);

/** The real ports, loaded when they are needed: the AWS SDK takes as long to load as all else that a command does. */
export function loadLivePorts(settings: Parameters<typeof LivePorts.livePorts>[0] = {}): Ports {
  return (createRequire(__filename)('../estate/livePorts') as typeof LivePorts).livePorts(settings);
}

/** The account and the ARN of the operator's own credentials. */
export function askLiveCaller(region: string): ReturnType<typeof LivePorts.liveCaller> {
  return (createRequire(__filename)('../estate/livePorts') as typeof LivePorts).liveCaller(region);
}
