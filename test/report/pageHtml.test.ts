import fc from 'fast-check';
import { INVISIBLE } from '../../src/inventory/printable';
import { pageHtml } from '../../src/report/pageHtml';
import { HOSTILE_NAMES, pageWith } from './page';

/** The elements and attributes of a page, without its texts and its style. */
function skeleton(html: string): string {
  return html
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/aria-label="[^"]*"/g, '')
    .replaceAll(/>[^<]+</g, '><');
}

describe('a page as HTML', () => {
  const plain = pageHtml(pageWith('orders'));

  it.each(HOSTILE_NAMES)('has the same elements and attributes with the name %j', (name) => {
    expect(skeleton(pageHtml(pageWith(name)))).toBe(skeleton(plain));
  });

  it('has the same elements and attributes with every name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        expect(skeleton(pageHtml(pageWith(`x${name}`)))).toBe(skeleton(plain));
      }),
    );
  });

  it('closes every element that it opens, in order', () => {
    const open: string[] = [];
    for (const [, close, name = '', end] of plain
      .replace(/<style>[^]*?<\/style>/, '')
      .matchAll(/<(\/?)([a-z][\w-]*)[^>]*?(\/?)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (end !== '/' && !['meta', 'link'].includes(name)) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('forbids scripts and every request', () => {
    expect(plain).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"`,
    );
    expect(plain).not.toMatch(/<(script|link(?! rel="icon" href="data:,")|img|iframe|object|embed)|src=|@import|url\(/);
  });

  it.each(HOSTILE_NAMES)('shows each invisible character of %j', (name) => {
    expect(pageHtml(pageWith(name)).replaceAll('\n', '')).not.toMatch(INVISIBLE);
  });

  it('shows the text of a table that has no rows', () => {
    expect(plain).toContain('<p class="empty">There is no role.</p>');
  });

  it('gives each tone a sign, so that nobody needs its colour', () => {
    expect(plain).toContain('<span class="bad">✗ orders</span>');
  });

  it('has the table of a drawing beside it', () => {
    expect(plain).toMatch(
      /<svg role="img" aria-label="orders uses one role\."[^]*<details>\n<summary>Access of orders as a table/,
    );
  });
});
