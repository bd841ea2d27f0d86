import {
  barsTable,
  type Block,
  type Cell as PageCell,
  cellText,
  type Page,
  type PageTable,
  type Section,
  type Tone,
} from '../report/Page';
import { type Cell, type Paint, paintOf, type ReportStyle, table } from './report';

/** A page as text for a terminal. */
export function pageText({ title, facts, sections }: Page, style: ReportStyle): string {
  const paint = paintOf(style.colour);
  const longest = Math.max(0, ...facts.map(({ name }) => name.length));
  return [
    paint.bold(title),
    facts.map(({ name, value }) => `${name.padEnd(longest)}  ${painted(value, paint)}`).join('\n'),
    ...sections.map((section) => sectionText(section, style, paint)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function sectionText({ title, lead, blocks }: Section, style: ReportStyle, paint: Paint): string {
  const parts = [...(lead === undefined ? [] : [lead]), ...blocks.map((block) => blockText(block, style, paint))];
  return [paint.bold(title), ...parts].join('\n');
}

function blockText(block: Block, style: ReportStyle, paint: Paint): string {
  switch (block.kind) {
    case 'text':
      return block.text;
    case 'list':
      return block.items.map((item) => `- ${painted(item, paint)}`).join('\n');
    case 'table':
      return tableText(block, style, paint);
    case 'commands':
      return block.commands.map((command) => `  ${paint.cyan(command)}`).join('\n');
    case 'diff':
      return [
        block.title,
        ...block.lines.map(({ change, text }) => {
          if (change === 'added') return paint.green(`+ ${text}`);
          return change === 'removed' ? paint.red(`- ${text}`) : `  ${text}`;
        }),
      ].join('\n');
    case 'figure':
      return [`${block.caption}: ${block.description}`, tableText(block.table, style, paint)].join('\n');
    case 'bars':
      return tableText(barsTable(block), style, paint);
    case 'details':
      return [paint.bold(block.summary), ...block.blocks.map((one) => blockText(one, style, paint))].join('\n');
  }
}

function tableText({ columns, rows, empty }: PageTable, { width }: ReportStyle, paint: Paint): string {
  if (rows.length === 0) return empty;
  return table(
    columns,
    rows.map((row) => row.map((cell) => painter(cell, paint))),
    width,
  );
}

function painted(cell: PageCell, paint: Paint): string {
  return typeof cell === 'string' ? cell : colourOf(cell.tone, paint)(cell.text);
}

function painter(cell: PageCell, paint: Paint): Cell {
  return typeof cell === 'string' ? cell : { text: cellText(cell), paint: colourOf(cell.tone, paint) };
}

function colourOf(tone: Tone | undefined, paint: Paint): (text: string) => string {
  const { green, yellow, red, dim } = paint;
  return tone === undefined ? (text) => text : { good: green, warning: yellow, bad: red, quiet: dim }[tone];
}
