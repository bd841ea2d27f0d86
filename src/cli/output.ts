import type { ReadProgress } from '../estate/readEstate';
import type { Finding } from '../inventory/Finding';
import { formatFindings, plainFinding } from '../inventory/formatFindings';
import { escaped, INVISIBLE, printable, printableLine } from '../inventory/printable';
import { asStarted, startedDocument } from './started';

/** Every command with `--format json`; `docs/json.md` describes the documents. */
export const JSON_COMMANDS = [
  'validate',
  'check',
  'prove',
  'discover',
  'expand',
  'status',
  'next',
  'drift',
  'doctor',
  'gate',
  'advance',
  'rollback',
  'advance-all',
  'recover',
  'probe',
  'association',
  'catalogue',
  'synth',
  'plan',
  'apply',
  'survey',
  'report',
  'finish',
  'guardrails',
  'usage',
] as const;

export type JsonCommand = (typeof JSON_COMMANDS)[number];

/**
 * The document that a command prints with `--format json`: `format` first, then the fields in their order; without a newline at the end.
 * Invisible characters are escaped, also those that JSON allows: a person reads the document too. Its commands work in the shell and the folder of podlift.
 */
export function jsonOutput(command: JsonCommand, fields: object): string {
  const text = JSON.stringify({ format: `podlift.${command}/1`, ...startedDocument(fields) }, null, 2);
  return withoutInvisible(text);
}

/** A document of quoted texts (JSON, HCL, YAML with double quotes) with its invisible characters escaped: each of the formats reads `\u202e`. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)));
}

/** Prints the result of a command on stdout: its document with `--format json`, else its text for people. */
export function printResult(command: JsonCommand, format: 'text' | 'json', document: object, text: () => string): void {
  if (format === 'json') console.log(jsonOutput(command, document));
  else print(text());
}

/** How `validate` and `check` print findings. */
export type FindingsFormat = 'text' | 'json' | 'github';

/**
 * Prints findings on stdout; prints nothing where there are none, except the JSON document. What GitHub shows is read on another machine: its commands stay
 * those of podlift's own folder.
 */
export function printFindings(command: JsonCommand, findings: readonly Finding[], format: FindingsFormat): void {
  if (format === 'json') console.log(jsonOutput(command, { findings: findings.map(plainFinding) }));
  else if (findings.length > 0 && format === 'github') console.log(formatFindings(findings, 'github'));
  else if (findings.length > 0) print(formatFindings(findings, 'text', colourWanted(process.stdout)));
}

/** Prints findings for people on stderr; prints nothing where there are none. */
export function printToStderr(findings: readonly Finding[]): void {
  if (findings.length > 0) printError(formatFindings(findings, 'text', colourWanted(process.stderr)));
}

/** Whether to colour what goes to a stream: on a terminal, unless `NO_COLOR` is set. Source: https://no-color.org */
export function colourWanted(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY && (env.NO_COLOR ?? '') === '';
}

/** Prints a text for people on stdout. Everything that is not a JSON document or a line for GitHub goes through here or `printError`. */
export function print(text = ''): void {
  console.log(printable(asStarted(text)));
}

/** Prints a text for people on stderr. */
export function printError(text: string): void {
  console.error(printable(asStarted(text)));
}

/** Milliseconds between two lines where the stream is no terminal, and until a terminal shows that nothing has come. */
const EVERY = { pipe: 10_000, terminal: 1000 };

/**
 * Shows how far a command is, such as with reading AWS and the clusters: on one line of a terminal, else with a line every ten seconds. Where nothing comes, the line
 * says for how long.
 */
export interface ProgressLine {
  readonly show: (progress: Omit<ReadProgress, 'system'>) => void;
  /** Says what stays to be read: a line of its own, above the line of the progress. */
  readonly say: (line: string) => void;
  /** Removes the line. */
  readonly end: () => void;
}

export function progressLine(
  command: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { readonly write: (text: string) => unknown },
  now: () => number = Date.now,
  unit = 'answers',
): ProgressLine {
  const name = command === '' ? 'podlift' : `podlift ${command}`;
  const begun = now();
  let isShown = false;
  let last = begun;
  let text = `${name}: waiting for the first of the ${unit}`;
  let detail = '';
  const write = (): void => {
    last = now();
    const seconds = Math.floor((last - begun) / 1000);
    const line = `${text}${stream.isTTY ? detail : ''}${seconds > 0 ? ` (${seconds} s)` : ''}`;
    if (stream.isTTY) stream.write(`\r\u001b[2K${line.slice(0, widthOf(stream))}`);
    else stream.write(`${line}\n`);
    isShown = true;
  };
  const every = stream.isTTY ? EVERY.terminal : EVERY.pipe;
  const timer = setInterval(() => {
    if (now() - last >= every) write();
  }, every / 2);
  timer.unref();
  return {
    show: ({ done, total, what }) => {
      text = `${name}: ${done} of ${total} ${unit}`;
      detail = `, ${printableLine(what)}`;
      if (stream.isTTY || now() - last >= every) write();
    },
    say: (line) => {
      if (isShown && stream.isTTY) stream.write('\r\u001b[2K');
      stream.write(`${name}: ${printableLine(line)}\n`);
      last = now();
    },
    end: () => {
      clearInterval(timer);
      if (isShown && stream.isTTY) stream.write('\r\u001b[2K');
    },
  };
}

/** The characters that fit on a line. A terminal without a size says 0 columns. */
function widthOf({ columns }: Pick<NodeJS.WriteStream, 'columns'>): number {
  return columns > 0 ? Math.max(20, columns - 1) : 79;
}

/** Does work that can take seconds and cannot be interrupted, such as the check of a large inventory; on a terminal a line says what is being done. */
export function busy<T>(
  what: string,
  work: () => T,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & {
    readonly write: (text: string) => unknown;
  } = process.stderr,
): T {
  if (!stream.isTTY) return work();
  stream.write(`podlift: ${printableLine(what)} …`.slice(0, widthOf(stream)));
  try {
    return work();
  } finally {
    stream.write('\r\u001b[2K');
  }
}

/**
 * Lets output go nowhere once its reader has gone (`podlift validate | head -1`): the command runs to its end, and its exit code still
 * says what it found. Any other error of the streams is thrown.
 */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
