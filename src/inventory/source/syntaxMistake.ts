import { Lexer, type YAMLError } from 'yaml';
import { mistake, type Mistake } from '../Finding';
import { READING_RULES } from '../reading/readingRules';

/** A mistake with its offset in the text. */
export type MistakeAt = Mistake & { readonly offset: number };

/** The mistake of a YAML error. */
export function syntaxMistake(
  { code, message, pos }: Pick<YAMLError, 'code' | 'message' | 'pos'>,
  text: string,
): MistakeAt {
  const [offset] = pos;
  switch (code) {
    case 'MULTIPLE_DOCS':
      return { ...SECOND_DOCUMENT, offset };
    case 'TAG_RESOLVE_FAILED':
      return { ...badTag(message), offset };
    case 'BAD_ALIAS':
      return { ...badAlias(message), offset };
    case 'RESOURCE_EXHAUSTION':
      return { ...NESTS_TOO_DEEP, offset };
    default:
      return missingQuote(code, message, offset, text) ?? { ...badSyntax(code, message, offset, text), offset };
  }
}

const SECOND_DOCUMENT = mistake(
  READING_RULES.severalDocuments,
  'a second YAML document begins here',
  'Move it to its own file, and name that file under `include`.',
);

function badTag(message: string): Mistake {
  const hint = 'Remove the tag, and write the value without it.';
  return mistake(READING_RULES.tag, `a tag is not supported: ${message}`, hint);
}

/** For a text that is too deep for the parser. */
export const NESTS_TOO_DEEP = mistake(
  READING_RULES.depth,
  'this file is nested too deep',
  'Reduce the nesting: the format never needs so many levels.',
);

function badAlias(message: string): Mistake {
  return message === 'Alias cannot be an empty string'
    ? mistake(READING_RULES.alias, 'a * without quotes begins an alias in YAML', "Quote it: '*'.")
    : mistake(
        READING_RULES.alias,
        `an alias cannot be read: ${message}`,
        'Write the value in full instead of the alias.',
      );
}

/** A missing quote, reported where it belongs: an unclosed quote, or a word with `{name}` without quotes. */
function missingQuote(code: string, message: string, offset: number, text: string): MistakeAt | undefined {
  const found = (what: string, hint: string, at: number): MistakeAt => ({
    ...mistake(READING_RULES.syntax, `this is not YAML: ${what}`, hint),
    offset: at,
  });
  if (/^Missing closing ["']quote/.test(message)) {
    const open = lastQuoted(text, offset) ?? { offset, text: '' };
    const quote = open.text.startsWith("'") ? "'" : '"';
    return found(
      'the quote that opens here is never closed',
      `Close it with ${quote} at the end of the text.`,
      open.offset,
    );
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' && /["']/.test(text.charAt(offset))) {
    const { text: quoted } = lastQuoted(text, offset + 1) ?? { text: '' };
    const line = lineOf(text, offset + quoted.length);
    return found(`the quote that opens here closes only on line ${line}`, 'Close it on its own line.', offset);
  }
  const word = unquotedName(text, offset);
  return word && found(`${word.text} has braces but no quotes`, `Put it in quotes: "${word.text}".`, word.offset);
}

function badSyntax(code: string, message: string, offset: number, text: string): Mistake {
  const quoted = lastQuoted(text, offset);
  const runsOver =
    quoted?.text.includes('\n') === true && lineOf(text, quoted.offset + quoted.text.length) === lineOf(text, offset);
  return mistake(
    READING_RULES.syntax,
    `this is not YAML: ${message}`,
    quoted && runsOver
      ? `Close the quote that opens on line ${lineOf(text, quoted.offset)}: it ends only on this line.`
      : (HINTS[code] ?? 'Check this line and the line before it.'),
  );
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const HINTS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'Indent this line as far as the lines of the same map.',
  TAB_AS_INDENT: 'Indent with blanks: YAML does not allow tabs.',
  MISSING_CHAR: 'Close the open bracket or quote, or add the missing colon.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'Write the key on one line, with a colon at its end.',
  BAD_DQ_ESCAPE: 'A backslash in double quotes starts an escape: double it, or use single quotes.',
};

/** A part of a text that lacks a quote. */
interface Unquoted {
  readonly offset: number;
  readonly text: string;
}

/** How far around the parser's position a word is searched, in characters: a line can be as long as the file. */
const REACH = 500;
const WITH_NAME = /[^\s"',[\]]*\{[A-Za-z][\w.-]*\}[^\s"',[\]]*/g;

/** The word with a `{name}` at an offset or right before it. Without quotes YAML reads its brace as the start of a map. */
function unquotedName(text: string, offset: number): Unquoted | undefined {
  const start = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - REACH);
  const [line = ''] = text.slice(start, offset + REACH).split('\n');
  for (const { 0: word, index } of line.matchAll(WITH_NAME)) {
    const from = start + index;
    if (from <= offset && offset <= from + word.length) return { offset: from, text: withoutSurplus(word) };
  }
  return undefined;
}

/** Removes final braces that close something around the word. */
function withoutSurplus(word: string): string {
  let surplus = word.split('}').length - word.split('{').length;
  let end = word.length;
  while (surplus > 0 && word[end - 1] === '}') {
    end -= 1;
    surplus -= 1;
  }
  return word.slice(0, end);
}

/** The last quoted text that begins before an offset, with its quotes. */
function lastQuoted(text: string, before: number): Unquoted | undefined {
  let offset = 0;
  let found: Unquoted | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    if (offset >= before) break;
    if (/^["']/.test(lexeme)) found = { offset, text: lexeme };
    if (!MARKS.has(lexeme)) offset += lexeme.length;
  }
  return found;
}

/** Marks of the lexer between the pieces of a text: a document begins, a flow ends, a scalar follows. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
