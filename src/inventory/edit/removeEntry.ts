import { isMap, isScalar } from 'yaml';
import type { Finding } from '../Finding';
import { isMap as isPlainMap, valueAt } from '../source/plainData';
import type { Source } from '../source/Source';
import { type EditableFile, editFile } from './editFile';
import { badForm, type Obstacle } from './obstacles';
import { removePairs } from './pairSplices';
import { walkDown } from './walkDown';
import { indentBefore, isFlow, lastLineEnd, lineStart, pairOf, type Splice, startOf } from './yamlText';

/** The deepest level that stays when it becomes empty: the entry itself, such as `workloads.api`. */
const ENTRY_DEPTH = 2;

/**
 * Removes an entry from a map of an inventory's file, and each map above it that has nothing else. Everything in the file stays, comments too.
 * A file without the entry is returned as it is. It returns a finding when the file cannot be read or edited (see `addEntries`).
 */
export function removeEntry(file: EditableFile, path: readonly string[]): { text: string } | { refusal: Finding } {
  const removed = (source: Source) => emptiedBy(source, path);
  const edited = editFile(file, {
    entries: [],
    removed,
    splices: (text, source) => {
      const whole = removed(source);
      return whole === undefined ? [] : removedSplices(text, source, whole);
    },
    path,
    doing: `removing ${path.join('.')} from ${file.file}`,
  });
  return 'refusal' in edited ? edited : { text: edited.mark + edited.after };
}

/** The path of what to remove: the entry, or the highest map that has nothing else. Undefined where the file does not have the entry. */
function emptiedBy({ data }: Source, path: readonly string[]): readonly string[] | undefined {
  if (valueAt(data, path) === undefined) return undefined;
  let whole = path;
  for (;;) {
    const above = whole.slice(0, -1);
    const map = valueAt(data, above);
    if (above.length <= ENTRY_DEPTH || !isPlainMap(map) || Object.keys(map).length > 1) return whole;
    whole = above;
  }
}

function removedSplices(text: string, { tree }: Source, path: readonly string[]): readonly Splice[] | Obstacle {
  const above = path.slice(0, -1);
  const { node, obstacle, depth } = walkDown(tree, above, (at) => `\`${path.slice(0, at).join('.')}\``);
  if (obstacle) return { ...obstacle, path };
  const pair = isMap(node) && depth === above.length ? pairOf(node, path.at(-1) ?? '') : undefined;
  if (!isMap(node) || pair === undefined) return badForm(node, path, `\`${path.join('.')}\``);
  if (isFlow(node) || pair.value === null || isFlow(pair.value) || isScalar(pair.value))
    return removePairs(text, node, [pair]) ?? badForm(node, path);
  // A block: whole lines, from its key to its last value.
  const start = startOf(pair.key);
  if (indentBefore(text, start) === undefined) return badForm(node, path);
  const end = lastLineEnd(text, pair);
  const from = lineStart(text, start);
  const after = /^\r?\n/.exec(text.slice(end, end + 2))?.[0].length;
  if (after !== undefined) return [{ from, to: end + after, text: '' }];
  return [{ from: from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0), to: end, text: '' }];
}
