const ESCAPE = '\u001b';

/**
 * A text that is safe to print: what came from a cluster or an account (annotations, subjects, variables of pods) may hold sequences that
 * move the cursor, rename the window or write the clipboard. Line breaks and colours stay, and every other control character becomes `\ufffd`.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (control, at: number) =>
    control === '\n' || (control === ESCAPE && isColour(text, at)) ? control : '\ufffd',
  );
}

/** Source: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ (SGR) */
function isColour(text: string, at: number): boolean {
  return /^\[[0-9;]{0,16}m/.test(text.slice(at + 1, at + 20));
}
