import { Lexer } from 'yaml';

/** Something in a text that lacks its quotes, or one of them. */
export interface Unquoted {
  readonly offset: number;
  readonly text: string;
}

/** How far from where the parser stumbled a word is looked for, in characters: a line may be as long as the file. */
const REACH = 500;
const WITH_NAME = /[^\s"',[\]]*\{[A-Za-z][\w.-]*\}[^\s"',[\]]*/g;

/** The word with a `{name}` in it at an offset, or right before it on its line: without quotes YAML takes its brace for a map's. */
export function unquotedName(text: string, offset: number): Unquoted | undefined {
  const start = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - REACH);
  const [line = ''] = text.slice(start, offset + REACH).split('\n');
  for (const { 0: word, index } of line.matchAll(WITH_NAME)) {
    const from = start + index;
    if (from <= offset && offset <= from + word.length) return { offset: from, text: withoutSurplus(word) };
  }
  return undefined;
}

/** Without the braces at its end that close what stands around the word. */
function withoutSurplus(word: string): string {
  let surplus = word.split('}').length - word.split('{').length;
  let end = word.length;
  while (surplus > 0 && word[end - 1] === '}') {
    end -= 1;
    surplus -= 1;
  }
  return word.slice(0, end);
}

/** The last text in quotes that begins before an offset, with its quotes. */
export function lastQuoted(text: string, before: number): Unquoted | undefined {
  let offset = 0;
  let found: Unquoted | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    if (offset >= before) break;
    if (/^["']/.test(lexeme)) found = { offset, text: lexeme };
    if (!MARKS.has(lexeme)) offset += lexeme.length;
  }
  return found;
}

/** What the lexer puts between the pieces of a text: the beginning of a document, the end of a flow, a scalar to come. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
