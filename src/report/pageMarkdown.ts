import { escaped, INVISIBLE } from '../inventory/printable';
import {
  barsTable,
  type Block,
  type Cell,
  cellText,
  type DiffLine,
  type Page,
  type PageTable,
  type Section,
  type Tone,
} from './Page';

/**
 * A page as GitHub-flavoured Markdown, for a comment on a pull request. A name in it is only a name: it makes no link, mentions nobody and adds no element.
 * Sources: https://github.github.com/gfm/, https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax
 */
export function pageMarkdown({ title, facts, sections }: Page): string {
  const list = facts.map(({ name, value }) => `- ${markdown(name)}: ${cellMarkdown(value)}`).join('\n');
  return `${[`# ${markdown(title)}`, list, ...sections.map(sectionMarkdown)].filter((part) => part !== '').join('\n\n')}\n`;
}

function sectionMarkdown({ title, lead, blocks }: Section): string {
  return [`## ${markdown(title)}`, ...(lead === undefined ? [] : [markdown(lead)]), ...blocks.map(blockMarkdown)].join(
    '\n\n',
  );
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return markdown(block.text);
    case 'list':
      return block.items.map((item) => `- ${cellMarkdown(item)}`).join('\n');
    case 'table':
      return tableMarkdown(block);
    case 'commands':
      return fenced('sh', block.commands);
    case 'diff':
      return `${markdown(block.title)}:\n\n${fenced('diff', block.lines.map(diffLine))}`;
    case 'figure':
      return `${markdown(block.caption)}: ${markdown(block.description)}\n\n${tableMarkdown(block.table)}`;
    case 'bars':
      return tableMarkdown(barsTable(block));
    case 'details':
      return `### ${markdown(block.summary)}\n\n${block.blocks.map(blockMarkdown).join('\n\n')}`;
  }
}

function tableMarkdown({ columns, rows, empty }: PageTable): string {
  if (rows.length === 0) return markdown(empty);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ head }) => markdown(head))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cellMarkdown))),
  ].join('\n');
}

const SIGNS: Readonly<Record<Tone, string>> = { good: '✅ ', warning: '⚠️ ', bad: '❌ ', quiet: '' };

function cellMarkdown(cell: Cell): string {
  const sign = typeof cell === 'string' || cell.tone === undefined ? '' : SIGNS[cell.tone];
  return `${sign}${markdown(cellText(cell))}`;
}

function diffLine({ change, text }: DiffLine): string {
  return `${{ same: ' ', added: '+', removed: '-' }[change]} ${text}`;
}

/** Lines in a fence that is longer than each run of backticks in them. */
function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map(visible).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A text as Markdown shows it word by word, on one line. A mention, an address and a number of an issue are broken by an empty comment. */
function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@<!-- -->')
    .replaceAll('://', ':<!-- -->//')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^-/, '\\-');
}

function visible(text: string): string {
  return text.replace(INVISIBLE, escaped).replaceAll('\\u000a', ' ');
}
