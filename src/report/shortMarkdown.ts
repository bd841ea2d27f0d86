import type { Block, Page, PageTable } from './Page';
import { pageMarkdown } from './pageMarkdown';

/**
 * The longest comment that GitHub takes, in characters; podlift counts bytes, of which a text never has fewer. GitLab takes a million.
 * Source: "body is too long (maximum is 65536 characters)", https://github.com/orgs/community/discussions/27190
 */
export const LONGEST_COMMENT = 65_536;

/** How much of a page is shown, from the most to the least: whether parts that a reader opens are shown, and how many rows of each table. */
const SIZES = [
  { parts: true, rows: 200 },
  { parts: false, rows: 200 },
  { parts: false, rows: 100 },
  { parts: false, rows: 50 },
  { parts: false, rows: 25 },
  { parts: false, rows: 10 },
  { parts: false, rows: 3 },
] as const;

type Size = (typeof SIZES)[number];

/** A page as Markdown that fits into a comment. Where it does not fit whole, each place where something is left out says how much, and the beginning says that. */
export function shortMarkdown(page: Page, longest = LONGEST_COMMENT): string {
  const whole = pageMarkdown(page);
  if (fits(whole, longest)) return whole;
  for (const size of SIZES) {
    const text = pageMarkdown(shortened(page, size));
    if (fits(text, longest)) return text;
  }
  // Texts of a length that nobody writes: the facts alone.
  const { title, facts } = page;
  const kept = facts.slice(0, 12).map(({ name, value }) => ({
    name,
    value: typeof value === 'string' ? cut(value) : { ...value, text: cut(value.text) },
  }));
  return pageMarkdown({ title: cut(title), facts: kept, sections: [NOTE] });
}

const NOTE: Page['sections'][number] = {
  id: 'left-out',
  title: 'Left out',
  blocks: [
    {
      kind: 'text',
      text: 'The page is too long for a comment. What is left out is marked. --format html --out FILE writes all of it.',
    },
  ],
};

function shortened({ sections, ...page }: Page, size: Size): Page {
  return {
    ...page,
    sections: [NOTE, ...sections.map((section) => ({ ...section, blocks: blocksWithin(section.blocks, size) }))],
  };
}

function blocksWithin(blocks: readonly Block[], size: Size): readonly Block[] {
  const shown = blocks.filter(({ kind }) => size.parts || kind !== 'details');
  const left = blocks.flatMap((block) => (shown.includes(block) || block.kind !== 'details' ? [] : [block.summary]));
  return [
    ...shown.flatMap((block) => blockWithin(block, size)),
    ...(left.length === 0
      ? []
      : listWithin(
          left.map((summary) => `Left out: ${summary}`),
          size,
        )),
  ];
}

function blockWithin(block: Block, size: Size): readonly Block[] {
  switch (block.kind) {
    case 'table':
      return tableWithin(block, size);
    case 'list':
      return listWithin(block.items, size);
    case 'commands':
      return [
        { ...block, commands: block.commands.slice(0, size.rows) },
        ...leftOut(block.commands.length, size.rows, 'command'),
      ];
    case 'diff':
      return [{ ...block, lines: block.lines.slice(0, size.rows) }, ...leftOut(block.lines.length, size.rows, 'line')];
    case 'figure':
      return size.parts
        ? [
            { ...block, table: { ...block.table, rows: block.table.rows.slice(0, size.rows) } },
            ...leftOut(block.table.rows.length, size.rows, 'row'),
          ]
        : [{ kind: 'text', text: `${block.caption}: ${block.description} Left out: the table of it.` }];
    case 'details':
      return [{ ...block, blocks: blocksWithin(block.blocks, size) }];
    case 'bars':
      return [{ ...block, bars: block.bars.slice(0, size.rows) }, ...leftOut(block.bars.length, size.rows, 'row')];
    case 'text':
      return [block];
  }
}

function tableWithin(table: { readonly kind: 'table' } & PageTable, { rows }: Size): readonly Block[] {
  return [{ ...table, rows: table.rows.slice(0, rows) }, ...leftOut(table.rows.length, rows, 'row')];
}

function listWithin(items: Extract<Block, { readonly kind: 'list' }>['items'], { rows }: Size): readonly Block[] {
  return [{ kind: 'list', items: items.slice(0, rows) }, ...leftOut(items.length, rows, 'entry', 'entries')];
}

function leftOut(all: number, shown: number, noun: string, many = `${noun}s`): readonly Block[] {
  const left = all - shown;
  return left <= 0 ? [] : [{ kind: 'text', text: `Left out: ${left} more ${left === 1 ? noun : many} of ${all}.` }];
}

function fits(text: string, longest: number): boolean {
  return Buffer.byteLength(text) <= longest;
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
