/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends: before its line break, or at the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The line break after an offset, else the text's first one, else `\n`. */
export function lineBreak(text: string, offset: number): string {
  const [found = '\n'] = /\r?\n/.exec(text.slice(lineEnd(text, offset))) ?? /\r?\n/.exec(text) ?? [];
  return found;
}

/** The blanks before the first character of a line when an offset is that character; undefined when something else stands before it. */
export function indentBefore(text: string, offset: number): string | undefined {
  const before = text.slice(lineStart(text, offset), offset);
  return /^[ \t]*$/.test(before) ? before : undefined;
}
