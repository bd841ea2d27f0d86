import { isMap, type Node, type YAMLMap } from 'yaml';
import { indentBefore, lineEnd } from './lines';
import { isFlow, lastLineEnd, pairsOf, startOf } from './nodes';

/** How many blanks a level of a file is indented by: as below its first key that has a block, else 2. */
export function indentStep(text: string, root: Node | null): number {
  if (!isMap(root) || isFlow(root)) return 2;
  for (const { value } of pairsOf(root)) {
    const first = isMap(value) && !isFlow(value) ? pairsOf(value)[0] : undefined;
    const indent = first && indentBefore(text, startOf(first.key));
    if (indent !== undefined && indent.length > 0) return indent.length;
  }
  return 2;
}

/** Whether a blank line stands between the last two pairs of a block map. */
export function isSpaced(text: string, map: YAMLMap): boolean {
  const [before, last] = pairsOf(map).slice(-2);
  if (!before || !last) return false;
  return /\r?\n[ \t]*\r?\n/.test(text.slice(lastLineEnd(text, before), startOf(last.key)));
}

/**
 * Past the comments on lines of their own that follow the end of a line and are indented at least as far as what is to be added: they belong to what
 * stands before. Blank lines are passed only on the way to such a comment.
 */
export function behindComments(text: string, from: number, indent: string): number {
  let end = from;
  let at = from;
  for (;;) {
    const start = at + (/^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0);
    if (start === at) return end;
    at = lineEnd(text, start);
    const line = text.slice(start, at);
    const [blanks = ''] = /^[ \t]*/.exec(line) ?? [];
    const isComment = line[blanks.length] === '#';
    if (isComment && blanks.length >= indent.length) end = at;
    else if (isComment || blanks.length < line.length) return end;
  }
}
