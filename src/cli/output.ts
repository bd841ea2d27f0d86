import type { ReadProgress } from '../estate/readEstate';
import type { Finding } from '../inventory/Finding';
import { formatFindings, plainFinding } from '../inventory/formatFindings';

/** Every command with `--format json`; `docs/json.md` describes the documents. */
export const JSON_COMMANDS = [
  'validate',
  'check',
  'prove',
  'discover',
  'status',
  'drift',
  'doctor',
  'gate',
  'advance',
  'rollback',
] as const;

export type JsonCommand = (typeof JSON_COMMANDS)[number];

/** The document that a command prints with `--format json`: `format` first, then the fields in their order; without a newline at the end. */
export function jsonOutput(command: JsonCommand, fields: object): string {
  return JSON.stringify({ format: `podlift.${command}/1`, ...fields }, null, 2);
}

/** Prints the result of a command on stdout: its document with `--format json`, else its text for people. */
export function printResult(command: JsonCommand, format: 'text' | 'json', document: object, text: () => string): void {
  console.log(format === 'json' ? jsonOutput(command, document) : printable(text()));
}

/** How `validate` and `check` print findings. */
export type FindingsFormat = 'text' | 'json' | 'github';

/** Prints findings on stdout; prints nothing where there are none, except the JSON document. */
export function printFindings(command: JsonCommand, findings: readonly Finding[], format: FindingsFormat): void {
  if (format === 'json') console.log(jsonOutput(command, { findings: findings.map(plainFinding) }));
  else if (findings.length > 0) console.log(formatFindings(findings, format, colourWanted(process.stdout)));
}

/** Prints findings for people on stderr; prints nothing where there are none. */
export function printToStderr(findings: readonly Finding[]): void {
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
}

/** Whether to colour what goes to a stream: on a terminal, unless `NO_COLOR` is set. Source: https://no-color.org */
export function colourWanted(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY && (env.NO_COLOR ?? '') === '';
}

const ESCAPE = '\u001b';

/**
 * A text that is safe to print: what came from a cluster or an account (annotations, subjects, variables of pods) may hold sequences that
 * move the cursor, rename the window or write the clipboard. Line breaks and colours stay, and every other control character becomes `\ufffd`.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control, at: number) =>
    control === '\n' || (control === ESCAPE && isColour(text, at)) ? control : '\ufffd',
  );
}

/** Source: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ (SGR) */
function isColour(text: string, at: number): boolean {
  return /^\[[0-9;]{0,16}m/.test(text.slice(at + 1, at + 20));
}

/** Milliseconds between two lines where the stream is no terminal. */
const EVERY = 10_000;

/** Shows how far a command has read AWS and the clusters: on one line of a terminal, else with a line every ten seconds. */
export interface ProgressLine {
  readonly show: (progress: Omit<ReadProgress, 'system'>) => void;
  /** Removes the line. */
  readonly end: () => void;
}

export function progressLine(
  command: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { readonly write: (text: string) => unknown },
  now: () => number = Date.now,
): ProgressLine {
  let shown = '';
  let last = now();
  return {
    show: ({ done, total, what }) => {
      const answers = `podlift ${command}: ${done} of ${total} answers`;
      if (stream.isTTY) {
        shown = `${answers}, ${onOneLine(what)}`.slice(0, Math.max(20, stream.columns - 1));
        stream.write(`\r\u001b[2K${shown}`);
      } else if (now() - last >= EVERY) {
        last = now();
        stream.write(`${answers}\n`);
      }
    },
    end: () => {
      if (shown !== '') stream.write('\r\u001b[2K');
    },
  };
}

/** An annotation can have any text: none of its line breaks, colours or other control characters gets to the terminal. */
function onOneLine(text: string): string {
  return printable(text).replace(/\p{Cc}/gu, '\ufffd');
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
