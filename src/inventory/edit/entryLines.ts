import { scalarText } from './scalarText';

/** What an entry of an inventory is made of. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** The longest map or list that is written between brackets on one line, in characters. */
const LONGEST_FLOW = 90;

/**
 * An entry as lines of YAML without line breaks: `key:` and what is below it, indented by `step` blanks a level. Maps and lists
 * without further ones in them stand between brackets where they are short; absent (`undefined`) fields are left out. It is read back as the
 * same data. `value` must be made by podlift: it may not be circular.
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

/** Sections of an inventory as YAML; absent ones are left out. */
export function sectionsText(sections: Readonly<Record<string, Plain | undefined>>): string {
  return Object.entries(sections)
    .flatMap(([section, value]) => (value === undefined ? [] : entryLines(section, value)))
    .join('\n');
}

/** An entry as JSON on one line, for files and maps between braces. */
export function entryJson(key: string, value: Plain): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

interface Style {
  readonly step: number;
  readonly word: (text: string) => string;
  /** The entry itself is never put between brackets. */
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

/** A scalar, an empty collection, or a short one of scalars, on one line; undefined for anything else. */
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
