import type { Finding } from '../Finding';
import { findPosition } from '../source/findPosition';
import { formatPath } from '../source/formatPath';
import type { Position, Source } from '../source/Source';
import { addedSplices } from './addedSplices';
import { type EditableFile, editFile } from './editFile';
import type { NewEntry } from './NewEntry';

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
  const edited = editFile(file, {
    entries,
    splices: (text, source) => addedSplices(text, source, entries),
    path: [],
    doing: `adding entries to ${file.file}`,
  });
  if ('refusal' in edited) return edited;
  const { mark, after, source } = edited;
  return { edit: { text: mark + after, places: entries.map((entry) => placeOf(source, entry)) } };
}

function placeOf(source: Source, { into, key }: NewEntry): PlacedEntry {
  const path = [...into, key];
  return { path: formatPath(path), ...findPosition(source, path, 'key') };
}
