import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../Finding';
import { findPosition } from '../source/findPosition';
import { formatPath } from '../source/formatPath';
import { parseSource } from '../source/parseSource';
import type { Position, Source } from '../source/Source';
import { addedSplices, type Refused } from './addedSplices';
import { applySplices } from './applySplices';
import { EDIT_RULES } from './editRules';
import type { NewEntry } from './NewEntry';
import { startOf } from './nodes';
import { withEntries } from './withEntries';
import type { EditableFile } from './setStage';

/** Where an entry stands in the new text. */
export interface PlacedEntry extends Position {
  readonly path: string;
}

/** A text with entries added. */
export interface EntriesEdit {
  readonly text: string;
  readonly places: readonly PlacedEntry[];
}

/**
 * Adds entries to maps of an inventory's file. Everything that stands there stays as it is: comments, blanks, quotes, line breaks, a
 * byte order mark, the order of keys; only an empty map (`{}`) gives way to the entries that it gets. Entries stand last in their
 * map, in the file's indentation and line breaks; a map that is missing is added behind the last one. The result is
 * parsed again and compared: it differs from the file in these entries alone.
 *
 * Refused, as a finding, when the file cannot be read, has one of the keys already, or writes one of the maps through an alias, under an
 * anchor that stands for other places too, or in a form that cannot be added to. Throws when the edit did something else than asked, which is a
 * defect.
 */
export function addEntries(
  file: EditableFile,
  entries: readonly NewEntry[],
): { edit: EntriesEdit } | { refusal: Finding } {
  const mark = file.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = file.text.slice(mark.length);
  const { source, findings } = parseSource(text, file.file);
  const [mistake] = findings;
  if (mistake) {
    const message = `${mistake.file} cannot be edited: ${mistake.message}`;
    return { refusal: { ...mistake, rule: EDIT_RULES.unreadable.name, message } };
  }
  if (!source) throw new Error(`${file.file} has neither content nor a mistake`);

  const splices = addedSplices(text, source, entries);
  if ('rule' in splices) return { refusal: finding(source, splices) };
  const edited = applySplices(text, splices);
  const { source: after } = parseSource(edited, file.file);
  if (!after || !isDeepStrictEqual(after.data, withEntries(source.data, entries)))
    throw new Error(`adding entries to ${file.file} would change something else too; nothing was written`);
  return { edit: { text: mark + edited, places: entries.map((entry) => placeOf(after, entry)) } };
}

function finding(source: Source, { rule, path, node, message, hint }: Refused): Finding {
  const position = node ? source.tree.positionOf(startOf(node)) : findPosition(source, path);
  return {
    severity: 'error',
    rule: rule.name,
    path: formatPath(path),
    file: source.file,
    ...position,
    message,
    hint,
  };
}

function placeOf(source: Source, { into, key }: NewEntry): PlacedEntry {
  const path = [...into, key];
  return { path: formatPath(path), ...findPosition(source, path, 'key') };
}
