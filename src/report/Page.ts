/**
 * A page for people as plain data: what `podlift survey` and `podlift report` show. The files beside this one render it as HTML, Markdown and CSV, so each format
 * has the same content.
 */
export interface Page {
  readonly title: string;
  /** What a reader sees first: a name and a value each. */
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
}

export interface Fact {
  readonly name: string;
  readonly value: Cell;
}

export interface Section {
  /** Lower case letters, digits and hyphens; unique in the page. The address of the section. */
  readonly id: string;
  readonly title: string;
  /** Explains in a sentence or two what the section shows. */
  readonly lead?: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | ({ readonly kind: 'table' } & PageTable)
  /** Commands that can be pasted into a shell, one a line. */
  | { readonly kind: 'commands'; readonly commands: readonly string[] }
  | { readonly kind: 'diff'; readonly title: string; readonly lines: readonly DiffLine[] }
  | ({ readonly kind: 'figure' } & Figure)
  | ({ readonly kind: 'bars' } & Bars)
  /** Blocks that a reader opens. Markdown and print show them open. */
  | {
      readonly kind: 'details';
      readonly summary: string;
      readonly blocks: readonly Block[];
      /** Open from the beginning. Default: false. */
      readonly open?: boolean;
    };

/** How many things are how far, as a bar for each group of them. */
export interface Bars {
  readonly caption: string;
  /** What is counted, in the singular. */
  readonly noun: string;
  /** The names of the five levels. */
  readonly levels: readonly string[];
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly name: string;
  readonly note: string;
  /** How many are at each level. */
  readonly counts: readonly number[];
}

export interface PageTable {
  /** What the table lists, for readers who cannot see it. */
  readonly caption: string;
  readonly columns: readonly PageColumn[];
  /** A cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
  /** Stands for a table without rows. */
  readonly empty: string;
}

export interface PageColumn {
  readonly head: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
  /** `sentences`: it keeps room for them where the table is wider than the page. `times`: they stay on one line. Default: short texts. */
  readonly holds?: 'sentences' | 'times';
}

/** A text; with a tone where it is good news or bad news. */
export type Cell = string | MarkedCell;

export interface MarkedCell {
  readonly text: string;
  readonly tone?: Tone;
  /** The id of a section or of an anchor of the same page. */
  readonly to?: string;
  /** How far something is on a way of five steps, such as a stage: 0 is the beginning, 4 the end. Shown as a mark around the text. */
  readonly level?: Level;
}

export type Level = 0 | 1 | 2 | 3 | 4;

/** Each tone has a sign besides its colour: nobody has to see the colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'quiet';

export interface DiffLine {
  readonly change: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** A drawing. Formats without drawings show `description` and `table`. */
export interface Figure {
  readonly caption: string;
  /** What the drawing shows, in a sentence. */
  readonly description: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** The same content as text. */
  readonly table: PageTable;
}

/** A shape of a drawing; its places are in pixels from the top left corner. `style` is a class of the page. */
export type Shape =
  | {
      readonly shape: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly style: string;
      /** Of its corners. Default: 6. */
      readonly radius?: number;
    }
  /** `path`: commands of SVG's path data. */
  | { readonly shape: 'line'; readonly path: string; readonly style: string }
  | {
      readonly shape: 'label';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly style: string;
      /** The middle of the text is at `x`. Default: its left side. */
      readonly align?: 'middle';
      /** Shown when a pointer rests on the label. */
      readonly title?: string;
    };

/** The same content as a table. */
export function barsTable({ caption, noun, levels, bars }: Bars): PageTable {
  return {
    caption,
    columns: [{ head: `${noun}s` }, ...levels.map((head) => ({ head, align: 'right' as const }))],
    rows: bars.map(({ name, counts }) => [name, ...counts.map((count) => `${count}`)]),
    empty: `There is no ${noun}.`,
  };
}

/** The text of a cell. */
export function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}
