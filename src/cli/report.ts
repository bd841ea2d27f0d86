import Table from 'cli-table3';
import { answeredBy, type Places } from '../estate/places';
import type { Question } from '../estate/questions';
import type { Remedy, RemedyStep } from '../estate/Remedy';
import type { LoadedInventory } from '../inventory/loadInventory';
import { coloured, measurable } from '../inventory/printable';
import { answerRemedy, type Reason } from '../operations/remedies';
import { colourWanted } from './output';
import { printedCommand } from './started';

/** How a report is printed. */
export interface ReportStyle {
  readonly colour: boolean;
  /** Of the terminal, in characters. Default: no limit, so that a pipe to grep finds whole cells. */
  readonly width?: number | undefined;
  /** Also the checks that passed. Default: they are counted. */
  readonly verbose?: boolean | undefined;
}

/**
 * The style of what a command prints on its standard output. A pipe or a file has the width that COLUMNS names, as in
 * other command line tools, otherwise no limit.
 */
export function stdoutStyle(verbose = false): ReportStyle {
  const { columns = Number(process.env.COLUMNS) } = process.stdout as Partial<Pick<NodeJS.WriteStream, 'columns'>>;
  return { colour: colourWanted(process.stdout), width: columns > 0 ? columns : undefined, verbose };
}

/** Source: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ (SGR) */
const COLOURS = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Colours of a report; each function returns its text as it is where colour is not wanted. */
export type Paint = Readonly<Record<keyof typeof COLOURS, (text: string) => string>>;

/** The colours of a report. Print the report with `print`: other colours than these do not get to the terminal. */
export function paintOf(colour: boolean): Paint {
  const paint =
    ([on, off]: readonly [number, number]) =>
    (text: string) =>
      colour ? coloured(text, on, off) : text;
  const { bold, dim, red, green, yellow, cyan } = COLOURS;
  return {
    bold: paint(bold),
    dim: paint(dim),
    red: paint(red),
    green: paint(green),
    yellow: paint(yellow),
    cyan: paint(cyan),
  };
}

/** `1 workload`, `3 workloads`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** `All 12 checks passed.` */
export function allPassed(checks: number): string {
  return checks === 1 ? 'The check passed.' : `All ${checks} checks passed.`;
}

/** Items with the same key, in the order of the first of each; items without a key are left out. */
export function groupsOf<T>(items: readonly T[], key: (one: T) => string | undefined): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of items) {
    const name = key(one);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}

/** A line of a remedy: a sentence, or a command that can be pasted into a shell. */
interface RemedyLine {
  readonly text: string;
  readonly command: boolean;
}

/** A remedy whose steps have file and line where they name a path of the inventory. */
export function placed(remedy: Remedy, locate: LoadedInventory['locate']): Remedy {
  return remedy.map((step) => {
    if (!('at' in step)) return step;
    const { file, line } = locate({ severity: 'error', rule: '', path: step.at, message: '', hint: '' });
    return { ...step, file, line };
  });
}

/** Anything that has a remedy, with file and line in it: see {@link placed}. */
export function withPlaces<T extends { readonly remedy?: Remedy }>(one: T, locate: LoadedInventory['locate']): T {
  return one.remedy === undefined ? one : { ...one, remedy: placed(one.remedy, locate) };
}

/** The lines of a remedy. Commands are quoted for a POSIX shell; above one that needs other credentials a line says whose. */
export function remedyLines(remedy: Remedy): readonly RemedyLine[] {
  let account: string | undefined;
  return remedy.flatMap((step): readonly RemedyLine[] => {
    if ('say' in step) {
      const place = step.file === undefined ? '' : ` (${step.file}:${step.line ?? 1})`;
      return `${step.say}${place}`.split('\n').map((text) => ({ text, command: false }));
    }
    const changed = step.account !== undefined && step.account !== account;
    account = step.account ?? account;
    return [
      ...(changed ? [{ text: `With credentials of ${account ?? ''}:`, command: false }] : []),
      { text: commandText(step), command: true },
    ];
  });
}

/** A command as a line for a POSIX shell. */
export function commandText({ run }: Extract<RemedyStep, { readonly run: readonly string[] }>): string {
  return printedCommand(run);
}

/** A remedy as lines of text. */
export function remedyText(remedy: Remedy): string {
  return remedyLines(remedy)
    .map(({ text }) => text)
    .join('\n');
}

/** A remedy as lines below a margin; commands stand out. */
export function remedyBlock(remedy: Remedy, paint: Paint, margin: string): string {
  return remedyLines(remedy)
    .map(({ text, command }) => (command ? `${margin}  ${paint.cyan(text)}` : `${margin}${text}`))
    .join('\n');
}

/** An item that could not be checked: its question has no answer. */
export interface UnansweredItem<T> {
  readonly item: T;
  readonly question: Question;
  readonly reason: Reason;
  readonly found: string;
  /** What helps besides what the reason asks for. */
  readonly fix: Remedy;
}

/** Several items that could not be checked for one reason. */
export interface SharedReason<T> {
  readonly items: readonly T[];
  /** The account (in whatever region) or the cluster that gave no answer. */
  readonly answerer: string;
  /** `12 questions to apps-prod (333333333333)` */
  readonly text: string;
  readonly found: string;
  readonly remedy: Remedy;
}

/** Items whose questions went to one account or cluster and have no answer for the same reason; an item that is alone is left out. */
export function sharedReasons<T>(items: readonly UnansweredItem<T>[], places: Places): readonly SharedReason<T>[] {
  return groupsOf(items, ({ question, found }) => JSON.stringify([answeredBy(question, places), found])).flatMap(
    (group): readonly SharedReason<T>[] => {
      const [first] = group;
      if (first === undefined || group.length === 1) return [];
      const answerer = answeredBy(first.question, places);
      const questions = group.map(({ question }) => question);
      return [
        {
          items: group.map(({ item }) => item),
          answerer,
          text: `${counted(group.length, 'question')} to ${answerer}`,
          found: first.found,
          remedy: answerRemedy(first.reason, questions, answerer, first.fix),
        },
      ];
    },
  );
}

/** A cell: its text, and a colour that is applied to each of its lines. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

export interface Column {
  readonly head: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
}

/** A column is not narrower than this many characters, its padding aside. */
const NARROWEST = 6;

/**
 * Rows as a table that is at most `width` characters wide: the widest columns wrap first. Where even the narrowest columns do not fit, each row becomes a
 * list of its cells.
 */
export function table(
  columns: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  width = Infinity,
): string {
  const heads = columns.map((column) => (typeof column === 'string' ? { head: column } : column));
  const natural = heads.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => longestLine(textOf(row[index] ?? '')))),
  );
  // Each column has a border and two spaces of padding; the table has one more border.
  const widths = fit(natural, width - 3 * natural.length - 1);
  if (widths === undefined) return listing(heads, rows, width);
  const grid = new Table({
    head: heads.map(({ head }, index) => wrap(head, widths[index] ?? 0).join('\n')),
    colAligns: heads.map(({ align = 'left' }) => align),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) grid.push(row.map((cell, index) => wrapped(cell, widths[index] ?? 0)));
  return grid.toString();
}

/** Widths whose sum is at most `most`; nothing where the narrowest ones do not fit. */
function fit(natural: readonly number[], most: number): readonly number[] | undefined {
  const narrowest = natural.map((one) => Math.min(one, NARROWEST));
  if (sum(narrowest) > most) return undefined;
  const widths = [...natural];
  while (sum(widths) > most) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Rows as lists: a cell a line, below its head. */
function listing(heads: readonly Column[], rows: readonly (readonly Cell[])[], width: number): string {
  const longest = Math.max(...heads.map(({ head }) => head.length));
  return rows
    .map((row) =>
      row
        .flatMap((cell, index) =>
          wrapped(cell, Math.max(NARROWEST, width - longest - 2))
            .split('\n')
            .map((line, at) => `${(at === 0 ? (heads[index]?.head ?? '') : '').padEnd(longest)}  ${line}`),
        )
        .join('\n'),
    )
    .join('\n\n');
}

function textOf(cell: Cell): string {
  return measurable(typeof cell === 'string' ? cell : cell.text);
}

function longestLine(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

function wrapped(cell: Cell, width: number): string {
  const lines = wrap(textOf(cell), width);
  return (typeof cell === 'string' ? lines : lines.map(cell.paint)).join('\n');
}

/** Lines of at most `width` characters; a word that is longer (an ARN) is cut, after a separator where the second half of the line has one. */
function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      if (current !== '' && current.length + 1 + word.length <= width) {
        current = `${current} ${word}`;
        continue;
      }
      if (current !== '') lines.push(current);
      current = word;
      while (current.length > width) {
        const cut = cutOf(current, width);
        lines.push(current.slice(0, cut));
        current = current.slice(cut);
      }
    }
    return [...lines, current];
  });
}

/** Where a word is cut that is longer than `width`. */
function cutOf(word: string, width: number): number {
  const separators = [...word.slice(0, width).matchAll(/[/:,-]/g)].map(({ index }) => index + 1);
  const last = separators.at(-1) ?? 0;
  return last > width / 2 ? last : width;
}
