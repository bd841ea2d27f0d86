import { parseDocument, type Scalar } from 'yaml';

/** Words and marks that mean nothing in YAML, in a block as well as between braces. */
const PLAIN = /^[\p{L}\d](?:(?:[\p{L}\d .'()/+;-]|:(?=[\p{L}\d]))*[\p{L}\d.)])?$/u;
/**
 * What other readers of YAML take for a truth value, for nothing, for a day (`2012-10-17`) or for a number (`1:30`).
 * Source: https://yaml.org/type/
 */
const OTHERWISE = /^(y|n|yes|no|on|off|true|false|null|\d{4}-\d\d?-\d\d?|\d+(:\d+)+)$/i;
/** What JSON leaves as it is and YAML does not count as printable, or takes for a break. Source: https://yaml.org/spec/1.2.2/#51-character-set */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A text as a YAML scalar on one line: plain where that is read back as the same text, else (or with `quoted`) in double quotes. */
export function scalarText(text: string, quoted = false): string {
  const plain = PLAIN.test(text) && !OTHERWISE.test(text) && parseDocument(text).toJS() === text;
  return plain && !quoted ? text : doubleQuoted(text);
}

/** A plain word or time in the quotes that an earlier value had. */
export function inQuotesOf({ type }: Pick<Scalar, 'type'>, text: string): string {
  if (type === 'QUOTE_DOUBLE') return doubleQuoted(text);
  return type === 'QUOTE_SINGLE' ? `'${text}'` : text;
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
