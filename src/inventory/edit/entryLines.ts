import { parseDocument } from 'yaml';
import { INVISIBLE } from '../printable';

/** The value of an entry of an inventory. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** The longest map or list on one line, in characters. */
const LONGEST_FLOW = 90;

/**
 * An entry as lines of YAML: `key:` and its value, indented by `step` blanks a level. Short maps and lists of scalars are written on one
 * line, and `undefined` fields are omitted. Parsing the lines gives the same data. `value` must not be circular.
 */
export function entryLines(key: string, value: Plain, step = 2): readonly string[] {
  const texts = new Map<string, string>();
  const word = (text: string): string => {
    const known = texts.get(text) ?? scalarText(text);
    texts.set(text, known);
    return known;
  };
  return pairLines(key, value, { step, word, top: true });
}

/** A value on one line: plain where that is short, else as JSON, which YAML reads too. `quoted`: always as JSON. */
export function flowLine(value: Plain, quoted = false): string {
  const plain = quoted ? undefined : flowText(value, { step: 2, word: (text) => scalarText(text) });
  return plain ?? JSON.stringify(value);
}

/** Sections of an inventory as YAML, without undefined sections. */
export function sectionsText(sections: Readonly<Record<string, Plain | undefined>>): string {
  return Object.entries(sections)
    .flatMap(([section, value]) => (value === undefined ? [] : entryLines(section, value)))
    .join('\n');
}

interface Style {
  readonly step: number;
  readonly word: (text: string) => string;
  /** The entry itself is never written on one line. */
  readonly top?: boolean;
}

function pairLines(key: string, value: Plain, style: Style): readonly string[] {
  const name = style.word(key);
  const short = flowText(value, style);
  if (short !== undefined) return [`${name}: ${short}`];
  const pad = ' '.repeat(style.step);
  return [`${name}:`, ...blockLines(value, { step: style.step, word: style.word }).map((line) => pad + line)];
}

function blockLines(value: Plain, style: Style): readonly string[] {
  if (isList(value)) return value.flatMap((item) => itemLines(item, style));
  return pairsOf(value).flatMap(([key, item]) => pairLines(key, item, style));
}

function itemLines(item: Plain, style: Style): readonly string[] {
  const short = flowText(item, style);
  const lines = short === undefined ? blockLines(item, style) : [short];
  return lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

/** A scalar, an empty collection, or a short collection of scalars on one line; undefined for other values. */
function flowText(value: Plain, { word, top = false }: Style): string | undefined {
  if (typeof value === 'string') return word(value);
  if (typeof value !== 'object') return String(value);
  const parts = isList(value)
    ? value.map((item) => scalarOf(item, word))
    : pairsOf(value).map(([key, item]) => {
        const text = scalarOf(item, word);
        return text === undefined ? undefined : `${word(key)}: ${text}`;
      });
  if (parts.length === 0) return isList(value) ? '[]' : '{}';
  if (top || parts.includes(undefined)) return undefined;
  const text = isList(value) ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  return text.length <= LONGEST_FLOW ? text : undefined;
}

function scalarOf(value: Plain, word: Style['word']): string | undefined {
  if (typeof value === 'string') return word(value);
  return typeof value === 'object' ? undefined : String(value);
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function pairsOf(value: Plain): readonly (readonly [string, Plain])[] {
  if (typeof value !== 'object' || isList(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]));
}

/** Texts without a special character of YAML, in a block and between braces. */
const PLAIN = /^[\p{L}\d](?:(?:[\p{L}\d .'()/+;-]|:(?=[\p{L}\d]))*[\p{L}\d.)])?$/u;
/**
 * Texts that other YAML readers read as a truth value, null, a day (`2012-10-17`) or a number (`1:30`).
 * Source: https://yaml.org/type/
 */
const MISREAD = /^(y|n|yes|no|on|off|true|false|null|\d{4}-\d\d?-\d\d?|\d+(:\d+)+)$/i;
/** Characters that are unprintable in YAML. Source: https://yaml.org/spec/1.2.2/#51-character-set */
const UNPRINTABLE = /[\ufffe\uffff]/g;

/** A text as a YAML scalar on one line: plain if YAML reads it back as the same text, else (or with `quoted`) in double quotes. */
export function scalarText(text: string, quoted = false): string {
  const plain =
    PLAIN.test(text) && text.search(INVISIBLE) < 0 && !MISREAD.test(text) && parseDocument(text).toJS() === text;
  return plain && !quoted ? text : doubleQuoted(text);
}

/** Invisible characters and `##[`, which a CI system takes for a command, are escaped: people print the text. */
function doubleQuoted(text: string): string {
  const escape = (character: string) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  };
  return JSON.stringify(text)
    .replace(INVISIBLE, escape)
    .replace(UNPRINTABLE, escape)
    .replaceAll(/#(?=#(?:\[|vso\[))#/g, '#\\u0023');
}
