import { paintOf } from '../../src/cli/report';
import { printable } from '../../src/inventory/printable';

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

  it('keeps line breaks', () => {
    expect(printable('a\nb\n')).toBe('a\nb\n');
  });

  it('has no other colours than those of podlift', () => {
    const { red } = paintOf(true);
    expect(printable(`${red('no')} \u001b[31myes\u001b[0m`)).toBe('\u001b[31mno\u001b[39m \\u001b[31myes\\u001b[0m');
  });
});
