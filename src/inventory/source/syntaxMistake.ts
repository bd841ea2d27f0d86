import type { YAMLError } from 'yaml';
import { READING_RULES } from '../reading/readingRules';
import type { Refusal } from './keyText';
import { lastQuoted, unquotedName } from './unquoted';

/** A mistake in a text's YAML, with its offset in the text. */
export type Mistake = Refusal & { readonly offset: number };

/** What the YAML parser says of a text, as a finding says it. */
export function syntaxMistake(
  { code, message, pos }: Pick<YAMLError, 'code' | 'message' | 'pos'>,
  text: string,
): Mistake {
  const [offset] = pos;
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        rule: READING_RULES.severalDocuments,
        message: 'a second YAML document begins here',
        hint: 'Put it into a file of its own and name that under `include`.',
        offset,
      };
    case 'TAG_RESOLVE_FAILED':
      return {
        rule: READING_RULES.tag,
        message: `a tag is not supported: ${message}`,
        hint: 'Remove the tag and write the value plainly.',
        offset,
      };
    case 'BAD_ALIAS':
      return { ...badAlias(message), offset };
    case 'RESOURCE_EXHAUSTION':
      return { ...NESTS_TOO_DEEP, offset };
    default:
      return missingQuote(code, message, offset, text) ?? { ...badSyntax(code, message, offset, text), offset };
  }
}

/** For a text that the parser cannot get to the bottom of. */
export const NESTS_TOO_DEEP: Refusal = {
  rule: READING_RULES.depth,
  message: 'this file nests too deep to be read',
  hint: 'Take levels out: no part of the format needs so many.',
};

function badAlias(message: string): Refusal {
  return message === 'Alias cannot be an empty string'
    ? { rule: READING_RULES.alias, message: 'a * without quotes begins an alias in YAML', hint: "Quote it: '*'." }
    : {
        rule: READING_RULES.alias,
        message: `an alias cannot be read: ${message}`,
        hint: 'Write the value out where the alias is.',
      };
}

/** A quote that is never closed, or a word with `{name}` that has none: the mistake is where it begins, not where the parser stumbles. */
function missingQuote(code: string, message: string, offset: number, text: string): Mistake | undefined {
  const rule = READING_RULES.syntax;
  if (/^Missing closing ["']quote/.test(message)) {
    const open = lastQuoted(text, offset) ?? { offset, text: '' };
    return {
      rule,
      message: 'this is not YAML: the quote that opens here is never closed',
      hint: `Close it with ${open.text.startsWith("'") ? "'" : '"'} at the end of the text.`,
      offset: open.offset,
    };
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' && /["']/.test(text.charAt(offset))) {
    const { text: quoted } = lastQuoted(text, offset + 1) ?? { text: '' };
    return {
      rule,
      message: `this is not YAML: the quote that opens here closes only on line ${lineOf(text, offset + quoted.length)}`,
      hint: 'Close it on its own line.',
      offset,
    };
  }
  const word = unquotedName(text, offset);
  return (
    word && {
      rule,
      message: `this is not YAML: ${word.text} has braces and no quotes around it`,
      hint: `Put it in quotes: "${word.text}".`,
      offset: word.offset,
    }
  );
}

function badSyntax(code: string, message: string, offset: number, text: string): Refusal {
  const quoted = lastQuoted(text, offset);
  const runsOver =
    quoted?.text.includes('\n') === true && lineOf(text, quoted.offset + quoted.text.length) === lineOf(text, offset);
  return {
    rule: READING_RULES.syntax,
    message: `this is not YAML: ${message}`,
    hint:
      quoted && runsOver
        ? `Is the quote closed that opens on line ${lineOf(text, quoted.offset)}? It ends on this one.`
        : (HINTS[code] ?? 'Look at this line and the one before it.'),
  };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const HINTS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'Indent with the same number of blanks as the lines beside it.',
  TAB_AS_INDENT: 'Indent with blanks: YAML does not allow tabs.',
  MISSING_CHAR: 'Close the bracket or the quote that is open, or add the colon that is missing.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line: is a colon missing at its end?',
  BAD_DQ_ESCAPE: 'In double quotes a backslash starts an escape: double it, or use single quotes.',
};
