/** Far above MAX_DEPTH, which toPlain asks for, and far below what keeps the parser busy for minutes. */
const MOST_OPEN = 1000;
const DASHES_IN_A_ROW = /^ *(?:[-?] +){100}/m;

/**
 * Where a text goes so deep that the parser would take minutes or exhaust the stack: at the thousand-and-first bracket that is
 * open, or on a line of a hundred dashes. Undefined for every text that somebody wrote. Quotes are not looked at: no text has a thousand brackets
 * in quotes that do not close.
 */
export function tooDeepAt(text: string): number | undefined {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === OPENING_SQUARE || character === OPENING_CURLY) open += 1;
    if ((character === CLOSING_SQUARE || character === CLOSING_CURLY) && open > 0) open -= 1;
    if (open > MOST_OPEN) return index;
  }
  return DASHES_IN_A_ROW.exec(text)?.index;
}

const OPENING_SQUARE = 0x5b;
const CLOSING_SQUARE = 0x5d;
const OPENING_CURLY = 0x7b;
const CLOSING_CURLY = 0x7d;
