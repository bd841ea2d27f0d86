import type { SourceRole } from '../blueprint/Blueprint';
import { diffLines } from './diffLines';
import type { DiffLine } from './Page';

type Document = SourceRole['trust'];

/**
 * A policy document before and after a change, as lines: each statement that is in both stays whole, and so does each one that was removed or added. A statement in the place of
 * another is compared line by line.
 */
export function diffDocuments(before: Document, after: Document): readonly DiffLine[] {
  const [old, new_] = [statementsOf(before), statementsOf(after)];
  const head = diffLines(headOf(before), headOf(after));
  const blocks = runsOf(diffLines(old, new_));
  const statements = blocks.flatMap(({ removed, added, same }): readonly (readonly DiffLine[])[] => {
    if (same !== undefined) return [linesOf(same).map((text) => ({ change: 'same', text }))];
    if (removed.length === added.length)
      return removed.map((text, index) => diffLines(linesOf(text), linesOf(added[index] ?? '')));
    return [
      ...removed.map((text) => linesOf(text).map((line): DiffLine => ({ change: 'removed', text: line }))),
      ...added.map((text) => linesOf(text).map((line): DiffLine => ({ change: 'added', text: line }))),
    ];
  });
  return [
    { change: 'same', text: '{' },
    ...head,
    { change: 'same', text: '  "Statement": [' },
    ...statements.flatMap((lines, index) => (index === statements.length - 1 ? lines : withComma(lines))),
    { change: 'same', text: '  ]' },
    { change: 'same', text: '}' },
  ];
}

interface Run {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly same?: string;
}

/** Statements that stay, and between them what was removed and added. */
function runsOf(lines: readonly DiffLine[]): readonly Run[] {
  const runs: Run[] = [];
  let open: { removed: string[]; added: string[] } | undefined;
  for (const { change, text } of lines) {
    if (change === 'same') {
      runs.push({ removed: [], added: [], same: text });
      open = undefined;
      continue;
    }
    if (open === undefined) runs.push((open = { removed: [], added: [] }));
    open[change].push(text);
  }
  return runs;
}

function statementsOf({ Statement }: Document): readonly string[] {
  const list = Array.isArray(Statement) ? (Statement as readonly unknown[]) : [Statement];
  return list.map((statement) => JSON.stringify(statement, undefined, 2));
}

/** What a document has besides its statements. */
function headOf(document: Document): readonly string[] {
  return Object.entries(document)
    .filter(([key]) => key !== 'Statement')
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
}

function linesOf(statement: string): readonly string[] {
  return statement.split('\n').map((line) => `    ${line}`);
}

function withComma(lines: readonly DiffLine[]): readonly DiffLine[] {
  return lines.map((line, index) => (index === lines.length - 1 ? { ...line, text: `${line.text},` } : line));
}
