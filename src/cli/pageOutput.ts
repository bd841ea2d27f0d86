import { extname } from 'node:path';
import { type Page, type PageTable } from '../report/Page';
import { pageHtml } from '../report/pageHtml';
import { shortMarkdown } from '../report/shortMarkdown';
import { tableCsv } from '../report/tableCsv';
import { UsageError } from './exit';
import { type JsonCommand, jsonOutput, print, printError, withoutInvisible } from './output';
import { pageText } from './pageText';
import { stdoutStyle } from './report';
import { refuseOther, writeResult } from './resultFile';

/** The formats of `survey` and `report`. `text` is for a terminal. */
export const PAGE_FORMATS = ['text', 'html', 'markdown', 'csv', 'json'] as const;

export type PageFormat = (typeof PAGE_FORMATS)[number];

export interface PageFlags {
  /** Default: what the end of the file's name says, else `text`. */
  readonly format?: PageFormat | undefined;
  /** The file to write. Default: stdout. */
  readonly out?: string | undefined;
}

/** What a command shows, for each format. */
export interface Shown {
  readonly page: Page;
  /** The table that `csv` has. */
  readonly table: PageTable;
  /** What `json` has besides the format. */
  readonly document: object;
}

const ENDS: Readonly<Record<string, PageFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.csv': 'csv',
  '.json': 'json',
  '.txt': 'text',
};

/**
 * Takes `--format` and `--out`, before anything is read: gives the function that prints or writes the result. Throws `UsageError` for HTML on stdout, for a file whose name does not say
 * its format, and for a file that cannot be written or that podlift did not write.
 *
 * @param csvHead the head of the first column of the table that `csv` has
 * @param what the name of what is written. Default: that of the command
 */
export function pageOutput(
  command: JsonCommand,
  { format, out }: PageFlags,
  csvHead: string,
  what: string = command,
): (shown: Shown) => void {
  const chosen = format ?? formatOf(out);
  if (out === undefined) {
    if (chosen === 'html') throw new UsageError('--format html needs --out FILE: a page is opened in a browser');
    return (shown) => {
      if (chosen === 'text') print(pageText(shown.page, stdoutStyle()));
      else if (chosen === 'json') console.log(jsonOutput(command, shown.document));
      else process.stdout.write(textOf(command, chosen, shown));
    };
  }
  refuseOther('--out', out, beginningOf(command, chosen, csvHead), `a ${what} of podlift in the format ${chosen}`);
  return (shown) => {
    writeResult('--out', out, textOf(command, chosen, shown));
    printError(`The ${what} is written: ${out}`);
  };
}

function formatOf(out: string | undefined): PageFormat {
  if (out === undefined) return 'text';
  const found = ENDS[extname(out).toLowerCase()];
  if (found !== undefined) return found;
  throw new UsageError(
    `--out ${out}: the name of the file does not say the format. Add --format ${PAGE_FORMATS.join('|')}, or end the name in ${Object.keys(ENDS).join(', ')}`,
  );
}

function textOf(command: JsonCommand, format: PageFormat, { page, table, document }: Shown): string {
  switch (format) {
    case 'text':
      return `${withoutInvisible(pageText(page, { colour: false }))}\n`;
    case 'html':
      return pageHtml(page);
    case 'markdown':
      return shortMarkdown(page);
    case 'csv':
      return tableCsv(table);
    case 'json':
      return `${jsonOutput(command, document)}\n`;
  }
}

/** How a file of the command begins: the title of its page, the head of its table, its format. */
function beginningOf(command: JsonCommand, format: PageFormat, csvHead: string): RegExp {
  const title = `podlift ${command}`;
  switch (format) {
    case 'text':
      return new RegExp(`^${title}`);
    case 'html':
      return new RegExp(`^<!doctype html>[^]{0,600}<title>${title}`);
    case 'markdown':
      return new RegExp(`^# ${title}`);
    case 'csv':
      return new RegExp(`^${csvHead},`);
    case 'json':
      return new RegExp(`^\\{\\s*"format": "podlift\\.${command}/`);
  }
}
