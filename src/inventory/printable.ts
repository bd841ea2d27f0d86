import { oneLine } from '../iam/oneLine';

import { randomInt } from 'node:crypto';

/**
 * Characters that a person does not see and that change what a terminal or a log shows: control characters, format characters (directions,
 * joiners, tags), line and paragraph separators, blanks other than the one of ASCII, halves of surrogate pairs, noncharacters, and what Unicode
 * lets a font leave out (invisible letters, variation selectors). A line break is one too. U+2800 is a letter of Braille without a dot.
 * Sources: https://www.unicode.org/reports/tr36/ (security considerations), https://trojansource.codes/trojan-source.pdf,
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
export const INVISIBLE =
  /(?! )[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

/** Tells podlift's own colours from those in a text from outside, which cannot know the number: a terminal would take both. */
const OWN = randomInt(1e8, 1e9);
const OWN_COLOUR = new RegExp(`\\u001b\\[(?:0;)?(\\d{1,3});${OWN}m`, 'g');
const OWN_PLACE = new RegExp(`\\u001b\\[(?:0;)?\\d{1,3};${OWN}m`, 'g');

/**
 * A text in one of podlift's own colours. `printable` makes the colour work; the codes are those of ECMA-48 (SGR). The mark of the end begins
 * with 0, which ends every colour for cli-table3: otherwise it would add an end of its own.
 */
export function coloured(text: string, on: number, off: number): string {
  return `\u001b[${on};${OWN}m${text}\u001b[0;${off};${OWN}m`;
}

/**
 * A text as it is safe to print. Names in clusters, accounts and files can hold sequences that move the cursor, rename the window, write the
 * clipboard or turn the text around, and lines that a CI system takes for a command. Invisible characters become `\u001b`, as in JSON; line
 * breaks stay, and so do podlift's own colours. At the start of a line `::` becomes `\u003a:`, and everywhere `##[` becomes `#\u0023[`.
 * It changes nothing in a text that it has made, apart from colours.
 * Source: actions/runner src/Runner.Common/ActionCommand.cs (`TryParseV2` trims the line; `TryParse` takes `##[` anywhere in it)
 */
export function printable(text: string): string {
  const pieces = text.split(OWN_COLOUR);
  // Each second piece is the number of one of podlift's own colours.
  const visible = pieces.map((piece, index) => (index % 2 === 0 ? withoutInvisible(piece) : `\u001b[${piece}m`));
  return visible
    .join('')
    .replace(COMMAND, (_, start: string) => `${start}\\u003a`)
    .replaceAll(/#(?=#(?:\[|vso\[))#/gi, '#\\u0023');
}

/** The first colon of `::` at the start of a line. Blanks and colours before it do not count. */
const COMMAND = /^((?:\s|\u001b\[\d{1,3}m)*):(?=(?:\u001b\[\d{1,3}m)*:)/gm;

function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)));
}

/** A text as wide as `printable` makes it, with podlift's own colours as marks: for a table, which measures it. */
export function measurable(text: string): string {
  const marks = text.match(OWN_COLOUR) ?? [];
  const pieces = text.split(OWN_PLACE);
  return pieces.map((piece, index) => `${withoutInvisible(piece)}${marks[index] ?? ''}`).join('');
}

/** A text on one line: `printable`, and line breaks become `\n`. */
export function printableLine(text: string): string {
  return oneLine(printable(text));
}

/**
 * A text that others choose, as a part of a sentence: with line breaks or characters that nobody sees it is quoted as in JSON. So it adds no line
 * to a report.
 */
export function inSentence(text: string): string {
  return text.search(INVISIBLE) < 0 ? text : JSON.stringify(text);
}

/** `\u001b`; two of them for a character beyond the first 65,536, as in JSON. */
export function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${code}`;
  }).join('');
}
