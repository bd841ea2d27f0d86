/** A text from outside on one line: with a line break in it, it could show lines that podlift did not write. */
export function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}
