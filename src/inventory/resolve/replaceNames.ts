/** A name that stands in braces in a text, and nothing is known by it. */
export interface Replaced {
  readonly text: string;
  readonly unknown: readonly string[];
}

const NAME = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;

/**
 * Replaces `{name}` once, from left to right: what a value brings in is not looked at again. `${…}` and `%{…}` are left as they
 * are with everything inside them, and so are braces around what is no name, such as `{}` and `{a,b}`.
 */
export function replaceNames(text: string, lookUp: (name: string) => string | undefined): Replaced {
  if (!text.includes('{')) return { text, unknown: [] };
  let result = '';
  const unknown: string[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if ((character === '$' || character === '%') && next === '{') {
      const end = closingBrace(text, index + 1);
      result += text.slice(index, end);
      index = end;
      continue;
    }
    const end = character === '{' ? text.indexOf('}', index) : -1;
    const name = end < 0 ? '' : text.slice(index + 1, end);
    if (!NAME.test(name)) {
      result += character;
      index += 1;
      continue;
    }
    const value = lookUp(name);
    if (value === undefined) unknown.push(name);
    result += value ?? text.slice(index, end + 1);
    index = end + 1;
  }
  return { text: result, unknown };
}

/** The end of what a brace opens, behind the brace that closes it; the end of the text when none does. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return text.length;
}
