import { printable } from '../../src/cli/output';

describe('what is printed of a cluster', () => {
  it.each([
    ['the title of the window', '\u001b]0;owned\u0007'],
    ['the clipboard', '\u001b]52;c;cm0gLXJmIC8=\u0007'],
    ['the cursor', '\u001b[2J\u001b[H'],
    ['the line', 'role a\rrole b'],
    ['the line by one character', '\u009b2K'],
  ])('does not move %s', (_what, text) => {
    expect(printable(text)).not.toMatch(/\p{Cc}/u);
  });

  it('keeps colours and line breaks', () => {
    const text = '\u001b[31mno\u001b[39m\n\u001b[1;33mbold\u001b[0m';
    expect(printable(text)).toBe(text);
  });
});
