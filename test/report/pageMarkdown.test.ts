import { pageMarkdown } from '../../src/report/pageMarkdown';
import { HOSTILE_NAMES, pageWith } from './page';

/** The lines outside of fences. */
function prose(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})\w+\n[^]*?\n\1$/gm, '');
}

describe('a page as Markdown', () => {
  const plain = pageMarkdown(pageWith('orders'));

  it('has a table with a line for its heads', () => {
    expect(plain).toContain('| role | clusters |\n| --- | ---: |\n| orders | ❌ orders |');
  });

  it('shows commands and diffs in fences', () => {
    expect(plain).toContain('```sh\npodlift gate orders\n```');
    expect(plain).toContain('```diff\n  orders\n+ orders\n- orders\n```');
  });

  it.each(HOSTILE_NAMES)('has the same number of lines and cells with the name %j', (name) => {
    const found = prose(pageMarkdown(pageWith(name)));
    expect(found.split('\n')).toHaveLength(prose(plain).split('\n').length);
    const bars = (text: string) => text.match(/(?<!\\)\|/g)?.length;
    expect(bars(found)).toBe(bars(plain));
  });

  it.each(HOSTILE_NAMES)('makes no element, link, picture or mention of %j', (name) => {
    const found = prose(pageMarkdown(pageWith(name))).replaceAll('<!-- -->', '\0');
    expect(found).not.toMatch(/(?<!\\)[<>`*~]|(?<!\\)\]\(|@\w|:\/\//);
  });

  it('ends a fence only after the text', () => {
    expect(pageMarkdown(pageWith('```'))).toContain('````sh\npodlift gate ```\n````');
  });
});
