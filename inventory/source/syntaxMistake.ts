import type { YAMLError } from 'yaml';
import { READING_RULES } from '../reading/readingRules';
import type { Refusal } from './keyText';

/** What the YAML parser says of a text, as a finding says it. */
export function syntaxMistake({ code, message }: Pick<YAMLError, 'code' | 'message'>): Refusal {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        rule: READING_RULES.severalDocuments,
        message: 'a second YAML document begins here',
        hint: 'Put it into a file of its own and name that under `include`.',
      };
    case 'TAG_RESOLVE_FAILED':
      return {
        rule: READING_RULES.tag,
        message: `a tag is not supported: ${message}`,
        hint: 'Remove the tag and write the value plainly.',
      };
    case 'BAD_ALIAS':
      return {
        rule: READING_RULES.alias,
        message: `an alias cannot be read: ${message}`,
        hint: 'Write the value out where the alias is.',
      };
    case 'RESOURCE_EXHAUSTION':
      return NESTS_TOO_DEEP;
    default:
      return {
        rule: READING_RULES.syntax,
        message: `this is not YAML: ${message}`,
        hint: HINTS[code] ?? 'Look at this line and the one before it.',
      };
  }
}

/** For a text that the parser cannot get to the bottom of. */
export const NESTS_TOO_DEEP: Refusal = {
  rule: READING_RULES.depth,
  message: 'this file nests too deep to be read',
  hint: 'Take levels out: no part of the format needs so many.',
};

const HINTS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'Indent with the same number of blanks as the lines beside it.',
  TAB_AS_INDENT: 'Indent with blanks: YAML does not allow tabs.',
  MISSING_CHAR: 'Close the bracket or the quote that is open, or add the colon that is missing.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line: is a colon missing at its end?',
  BAD_DQ_ESCAPE: 'In double quotes a backslash starts an escape: double it, or use single quotes.',
};
