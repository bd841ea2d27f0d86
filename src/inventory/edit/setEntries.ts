import { isMap, isScalar, isSeq } from 'yaml';
import { type Finding, mistake } from '../Finding';
import { valueAt } from '../source/plainData';
import { parseSource } from '../source/parseSource';
import type { Source } from '../source/Source';
import { addEntries } from './addEntries';
import { type EditableFile, editFile, type NewEntry } from './editFile';
import { entryLines, flowLine } from './entryLines';
import { badForm, EDIT_RULES, type Obstacle } from './obstacles';
import { anchorWithin, walkDown } from './walkDown';
import { endOf, indentBefore, isFlow, lastLineEnd, lineBreak, pairOf, type Splice, startOf } from './yamlText';

/**
 * Adds entries to maps of an inventory's file, and replaces the values of those that it has. Everything else in the file stays, as with `addEntries`. A value
 * with a comment in it is not replaced: the comment would be lost.
 *
 * Returns a finding for what it cannot edit, as `addEntries` does.
 */
export function setEntries(
  { file, text }: EditableFile,
  entries: readonly NewEntry[],
): { readonly text: string } | { readonly refusal: Finding } {
  let edited = text;
  for (const entry of entries) {
    const path = [...entry.into, entry.key];
    const { source } = parseSource(edited, file);
    const exists = source !== undefined && valueAt(source.data, path) !== undefined;
    const now = { file, text: edited };
    const result = exists ? replaceEntry(now, entry) : addEntries(now, [entry]);
    if ('refusal' in result) return result;
    edited = 'edit' in result ? result.edit.text : result.text;
  }
  return { text: edited };
}

function replaceEntry(file: EditableFile, entry: NewEntry): { readonly text: string } | { readonly refusal: Finding } {
  const path = [...entry.into, entry.key];
  const edited = editFile(file, {
    entries: [entry],
    splices: (text, source) => replacement(text, source, entry),
    path,
    doing: `changing ${path.join('.')} in ${file.file}`,
  });
  return 'refusal' in edited ? edited : { text: edited.mark + edited.after };
}

function replacement(text: string, { tree }: Source, { into, key, value }: NewEntry): readonly Splice[] | Obstacle {
  const path = [...into, key];
  const nameOf = (depth: number) => (depth === 0 ? 'the file' : `\`${path.slice(0, depth).join('.')}\``);
  const { node, obstacle } = walkDown(tree, into, nameOf);
  if (obstacle) return obstacle;
  const pair = isMap(node) ? pairOf(node, key) : undefined;
  if (!isMap(node) || !pair?.value) return badForm(node, path, nameOf(path.length));
  const whole = anchorWithin(tree, pair.value, nameOf(path.length));
  if (whole) return whole;
  const onLine = isFlow(pair.value) || isScalar(pair.value);
  const [from, to] = onLine
    ? [startOf(pair.value), endOf(text, pair.value)]
    : [startOf(pair.key), lastLineEnd(text, pair)];
  if (text.slice(from, to).includes('#'))
    return mistake(
      EDIT_RULES.comment,
      `${nameOf(path.length)} has a comment or a #, which a change would lose`,
      'Change it by hand, or move the comment above its key.',
    );
  if (onLine) return [{ from, to, text: flowLine(value, tree.root !== null && isFlow(tree.root)) }];
  const indent = indentBefore(text, from);
  if (indent === undefined || !(isSeq(pair.value) || isMap(pair.value)))
    return badForm(node, path, nameOf(path.length));
  return [{ from, to, text: entryLines(key, value).join(lineBreak(text, from) + indent) }];
}
