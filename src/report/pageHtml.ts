import { escaped, INVISIBLE } from '../inventory/printable';
import {
  type Bars,
  type Block,
  type Cell,
  type DiffLine,
  type Figure,
  type Page,
  type PageTable,
  type Section,
  type Shape,
  type Tone,
} from './Page';
import { STYLE } from './pageStyle';

/**
 * A page as one HTML file without scripts, fonts or pictures from elsewhere: nothing is requested when it is opened. The policy in its head forbids requests and
 * scripts too, whatever names the page contains. It follows the reader's light or dark setting, and prints with every part open.
 * Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export function pageHtml({ title, facts, sections }: Page): string {
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    // Without it a browser asks a web server for /favicon.ico.
    '<link rel="icon" href="data:,">',
    `<title>${html(title)}</title>`,
    `<style>\n${STYLE}</style>`,
  ];
  const links = sections.map(({ id, title: name }) => `<li><a href="#${id}">${html(name)}</a></li>`);
  const terms = facts.map(({ name, value }) => `<div><dt>${html(name)}</dt><dd>${cellHtml(value)}</dd></div>`);
  const body = [
    `<header>\n<h1>${html(title)}</h1>\n<dl class="facts">\n${terms.join('\n')}\n</dl>\n</header>`,
    ...(sections.length > 1 ? [`<nav aria-label="Sections">\n<ul>\n${links.join('\n')}\n</ul>\n</nav>`] : []),
    `<main>\n${sections.map(sectionHtml).join('\n')}\n</main>`,
  ];
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n${body.join('\n')}\n</body>\n</html>\n`;
}

function sectionHtml({ id, title, lead, blocks }: Section): string {
  const parts = [
    `<h2>${html(title)}</h2>`,
    ...(lead === undefined ? [] : [`<p class="lead">${html(lead)}</p>`]),
    ...blocks.map(blockHtml),
  ];
  return `<section id="${id}" aria-label="${html(title)}">\n${parts.join('\n')}\n</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${html(block.text)}</p>`;
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${cellHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return tableHtml(block);
    case 'commands':
      return scrolling('Commands', `<pre><code>${html(block.commands.join('\n'))}</code></pre>`);
    case 'diff':
      return `<figure>\n<figcaption>${html(block.title)}</figcaption>\n${scrolling(block.title, `<pre class="diff">${block.lines.map(diffLineHtml).join('')}</pre>`)}\n</figure>`;
    case 'figure':
      return figureHtml(block);
    case 'bars':
      return barsHtml(block);
    case 'details':
      return `<details${block.open === true ? ' open' : ''}>\n<summary>${html(block.summary)}</summary>\n${block.blocks.map(blockHtml).join('\n')}\n</details>`;
  }
}

function tableHtml({ caption, columns, rows, empty }: PageTable): string {
  if (rows.length === 0) return `<p class="empty">${html(empty)}</p>`;
  const side = (index: number) => {
    const { align, holds } = columns[index] ?? {};
    const names = [...(align === 'right' ? ['number'] : []), ...(holds === undefined ? [] : [holds])];
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
  };
  const heads = columns.map(({ head }, index) => `<th scope="col"${side(index)}>${html(head)}</th>`);
  const lines = rows.map((row) => {
    const [first = '', ...others] = row;
    const cells = others.map((cell, index) => `<td${side(index + 1)}>${cellHtml(cell)}</td>`);
    return `<tr><th scope="row"${side(0)}>${cellHtml(first)}</th>${cells.join('')}</tr>`;
  });
  return scrolling(
    caption,
    `<table>\n<caption>${html(caption)}</caption>\n<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`,
    rows.length > TALL.rows,
  );
}

/** A part of a bar shows its number only where it has room. */
const ROOM = 0.04;

function barsHtml({ caption, noun, levels, bars }: Bars): string {
  const legend = levels.map((name, level) => `<li><span class="level level-${level}">${html(name)}</span></li>`);
  const rows = bars.map(({ name, note, counts }) => {
    const all = counts.reduce((sum, count) => sum + count, 0);
    const described = counts.map((count, level) => `${levels[level] ?? ''} ${count}`).join(', ');
    const parts = counts.flatMap((count, level) =>
      count === 0
        ? []
        : [`<span class="level-${level}" style="flex-grow: ${count}">${count / all < ROOM ? '' : count}</span>`],
    );
    return `<li>\n<p><strong>${html(name)}</strong> <span class="quiet">${html(note)}</span></p>\n<div class="bar" role="img" aria-label="${html(`${noun}s in ${name}: ${described}`)}">${parts.join('')}</div>\n</li>`;
  });
  return [
    '<figure>',
    `<figcaption>${html(caption)}</figcaption>`,
    `<ul class="legend">\n${legend.join('\n')}\n</ul>`,
    `<ul class="bars">\n${rows.join('\n')}\n</ul>`,
    '</figure>',
  ].join('\n');
}

/**
 * What can be wider than the page scrolls by itself, also with the keyboard. A group is no landmark: a page has many of them.
 * Source: https://dequeuniversity.com/rules/axe/4.10/scrollable-region-focusable
 */
function scrolling(name: string, content: string, tall = false): string {
  return `<div class="scroll${tall ? ' tall' : ''}" role="group" aria-label="${html(name)}" tabindex="0">${content}</div>`;
}

/** A table with more rows, and a drawing of more pixels, scrolls by itself on a screen: what follows stays near. */
const TALL = { rows: 30, pixels: 900 } as const;

/** The sign of each tone. Source: https://www.w3.org/WAI/WCAG22/Understanding/use-of-color.html */
const SIGNS: Readonly<Record<Tone, string>> = { good: '✓ ', warning: '! ', bad: '✗ ', quiet: '' };

function cellHtml(cell: Cell): string {
  if (typeof cell === 'string') return html(cell);
  const { text, tone, to, level } = cell;
  const name = level === undefined ? html(text) : `<span class="level level-${level}">${html(text)}</span>`;
  const linked = to === undefined ? name : `<a href="#${html(encodeURIComponent(to))}">${name}</a>`;
  return tone === undefined ? linked : `<span class="${tone}">${SIGNS[tone]}${linked}</span>`;
}

function diffLineHtml({ change, text }: DiffLine): string {
  const line = `${{ same: ' ', added: '+', removed: '-' }[change]} ${text}`;
  const element = { same: 'span', added: 'ins', removed: 'del' }[change];
  return `<${element}>${html(line)}\n</${element}>`;
}

function figureHtml({ caption, description, width, height, shapes, table }: Figure): string {
  const drawing = `<svg role="img" aria-label="${html(description)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">\n${shapes.map(shapeSvg).join('\n')}\n</svg>`;
  return [
    '<figure>',
    `<figcaption>${html(caption)}</figcaption>`,
    scrolling(caption, drawing, height > TALL.pixels),
    `<details>\n<summary>${html(caption)} as a table</summary>\n${tableHtml(table)}\n</details>`,
    '</figure>',
  ].join('\n');
}

function shapeSvg(shape: Shape): string {
  switch (shape.shape) {
    case 'box':
      return `<rect class="${shape.style}" x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${shape.radius ?? 6}"/>`;
    case 'line':
      return `<path class="${shape.style}" d="${shape.path}"/>`;
    case 'label': {
      const title = shape.title === undefined ? '' : `<title>${html(shape.title)}</title>`;
      const anchor = shape.align === 'middle' ? ' text-anchor="middle"' : '';
      return `<text class="${shape.style}" x="${shape.x}" y="${shape.y}"${anchor}>${title}${html(shape.text)}</text>`;
    }
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text that others choose, as HTML text or in the quotes of an attribute: it adds no element, and shows its invisible characters. */
function html(text: string): string {
  return text
    .replace(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)))
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
