import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../Finding';
import { findPosition } from '../source/findPosition';
import { formatPath } from '../source/formatPath';
import { parseSource } from '../source/parseSource';
import type { Source } from '../source/Source';
import { applySplices, type Splice } from './applySplices';
import { EDIT_RULES } from './editRules';
import type { NewEntry } from './NewEntry';
import { startOf } from './nodes';
import type { Obstacle } from './walkDown';
import { withEntries } from './withEntries';

/** One file of an inventory. */
export interface EditableFile {
  /** As findings name it. */
  readonly file: string;
  readonly text: string;
}

/** What is to be written, and how. */
export interface FileChange {
  /** What the file has more of after the change, or other than before. */
  readonly entries: readonly NewEntry[];
  /** The changes to the text, which has no byte order mark, or what keeps them from being made. */
  readonly splices: (text: string, source: Source) => readonly Splice[] | Obstacle;
  /** The path of a refusal that names none. */
  readonly path: readonly string[];
  /** For the error: `adding entries to inventory.yaml`. */
  readonly doing: string;
}

/** A text before and after a change, without its byte order mark, and that mark or nothing. */
export interface EditedFile {
  readonly mark: string;
  readonly before: string;
  readonly after: string;
  readonly source: Source;
}

/**
 * Changes a file of an inventory, parses the result and compares: it differs from the file in the entries alone. Refused, as a finding, when
 * the file cannot be read or has an obstacle. Throws when the edit did something else than asked, which is a defect.
 */
export function editFile(
  { file, text }: EditableFile,
  { entries, splices, path, doing }: FileChange,
): EditedFile | { refusal: Finding } {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const before = text.slice(mark.length);
  const { source, findings } = parseSource(before, file);
  const [mistake] = findings;
  if (mistake) {
    const message = `${mistake.file} cannot be edited: ${mistake.message}`;
    return { refusal: { ...mistake, rule: EDIT_RULES.unreadable.name, message } };
  }
  if (!source) throw new Error(`${file} has neither content nor a mistake`);

  const changes = splices(before, source);
  if ('rule' in changes) return { refusal: refusal(source, changes, path) };
  const after = applySplices(before, changes);
  const { source: edited } = parseSource(after, file);
  if (!edited || !isDeepStrictEqual(edited.data, withEntries(source.data, entries)))
    throw new Error(`${doing} would change something else too; nothing was written`);
  return { mark, before, after, source: edited };
}

function refusal(source: Source, obstacle: Obstacle, asked: readonly string[]): Finding {
  const { rule, path = asked, node, message, hint } = obstacle;
  const position = node ? source.tree.positionOf(startOf(node)) : findPosition(source, path);
  return { severity: 'error', rule: rule.name, path: formatPath(path), file: source.file, ...position, message, hint };
}
